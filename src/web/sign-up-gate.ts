import type { Request, Response } from 'express';
import { takeSignUp } from '../subscribers/budgets.ts';
import { spendChallenge } from '../subscribers/challenges.ts';
import type { Fields } from '../http/bodies.ts';
import {
  CHALLENGE_BITS,
  challengeId,
  challengeMet,
  makeChallenge,
  PATIENCE_SECONDS,
  type Challenged,
} from '../http/challenge.ts';
import { guessOf } from '../http/form-guard.ts';
import { showProblem } from '../http/problems.ts';
import { visitOf } from '../http/visit.ts';
import { carriedFields } from './carried-fields.ts';
import type { Web } from './respond.ts';

/**
 * Decides whether a well-formed sign-up is taken: `taken`, or `dropped` where a program gave itself away (the answer is
 * the same), or `answered` where a budget is used up: 429, and for people a page that lets them through after a little
 * work, and a few after a little patience.
 */
export async function gateSignUp(
  web: Web,
  req: Request,
  res: Response,
  form: { email: string; fields: Fields },
): Promise<'taken' | 'dropped' | 'answered'> {
  const { ctx } = web;
  const guess = guessOf(ctx, form.fields);
  if (guess === 'robot') return 'dropped';
  const { visitor, wantsJson } = visitOf(req);
  const whom = { ip: visitor.ip, email: form.email };
  const met = challengeMet(ctx, form.fields, whom);
  const spent = met !== null && (await spendChallenge(ctx, challengeId(form.fields)));
  const challenge = { solved: spent && met === 'solved', waited: spent && met === 'waited' };
  const answer = await takeSignUp(ctx, { ...whom, stamped: guess === 'person', ...challenge });
  if (answer.outcome === 'room') return 'taken';
  res.set({ 'Retry-After': String(answer.retryAfterSeconds), 'Cache-Control': 'no-store' });
  if (wantsJson) showProblem(web, req, res, 429);
  else showBusy(web, req, res, form.fields, whom);
  return 'answered';
}

function showBusy(web: Web, req: Request, res: Response, fields: Fields, whom: Challenged): void {
  const hidden = carriedFields(fields, ['challenge', 'solution']);
  const challenge = makeChallenge(web.ctx, whom);
  const view = { action: req.originalUrl, hidden, challenge, bits: CHALLENGE_BITS, seconds: PATIENCE_SECONDS };
  web.show(req, res, { template: 'busy', title: visitOf(req).words('busy.heading'), status: 429, view });
}
