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
import { sendProblem } from '../http/problem-json.ts';
import { visitOf } from '../http/visit.ts';
import { carriedFields } from './carried-fields.ts';
import type { Web } from './respond.ts';

/** A form as it came, with the canonical address in it. */
interface AddressForm {
  email: string;
  fields: Fields;
}

/** Why a challenge is put: too many forms, or one that looks like a program's. */
type Why = 'flood' | 'suspect';

/**
 * Decides whether a well-formed sign-up is taken. Where a budget is used up, or where it looks like a program's (sent
 * within two seconds, or with the field filled in that people do not see: a browser may do both), it is answered with
 * a page that lets people through after a little work, and a few after a little patience.
 */
export async function gateSignUp(
  web: Web,
  req: Request,
  res: Response,
  form: AddressForm,
): Promise<'taken' | 'answered'> {
  const { ctx } = web;
  const guess = guessOf(ctx, form.fields);
  const whom = { ip: visitOf(req).visitor.ip, email: form.email };
  const met = await spentChallenge(web, form, whom);
  if (guess === 'robot' && met === null) return challenge(web, req, res, form.fields, { whom, why: 'suspect' });
  const seen = { stamped: guess === 'person', suspect: guess === 'robot' };
  const answer = await takeSignUp(ctx, { ...whom, ...seen, solved: met === 'solved', waited: met === 'waited' });
  if (answer.outcome === 'room') return 'taken';
  res.set('Retry-After', String(answer.retryAfterSeconds));
  return challenge(web, req, res, form.fields, { whom, why: 'flood' });
}

/** Decides the same for the form that asks for a link, whose budget is its own. */
export async function gateLinkRequest(
  web: Web,
  req: Request,
  res: Response,
  form: AddressForm,
): Promise<'taken' | 'answered'> {
  if (guessOf(web.ctx, form.fields) !== 'robot') return 'taken';
  const whom = { ip: visitOf(req).visitor.ip, email: form.email };
  if ((await spentChallenge(web, form, whom)) !== null) return 'taken';
  return challenge(web, req, res, form.fields, { whom, why: 'suspect' });
}

async function spentChallenge({ ctx }: Web, { fields }: AddressForm, whom: Challenged) {
  const met = challengeMet(ctx, fields, whom);
  return met !== null && (await spendChallenge(ctx, challengeId(fields))) ? met : null;
}

/** Puts a challenge: a page that works on it by itself, or its text for a program to solve. */
function challenge(
  web: Web,
  req: Request,
  res: Response,
  fields: Fields,
  { whom, why }: { whom: Challenged; why: Why },
): 'answered' {
  const { words: t, wantsJson } = visitOf(req);
  const made = makeChallenge(web.ctx, whom);
  res.set('Cache-Control', 'no-store');
  if (wantsJson) {
    const detail = t('busy.json', { bits: CHALLENGE_BITS });
    sendProblem(res, 429, t('problem.429.title'), { detail, challenge: made, bits: CHALLENGE_BITS });
    return 'answered';
  }
  const hidden = carriedFields(fields, ['challenge', 'solution']);
  const view = { action: req.originalUrl, hidden, challenge: made, bits: CHALLENGE_BITS, seconds: PATIENCE_SECONDS };
  const page = { template: 'busy', title: t('busy.heading'), status: 429 };
  web.show(req, res, { ...page, view: { ...view, lead: t(`busy.lead.${why}`) } });
  return 'answered';
}
