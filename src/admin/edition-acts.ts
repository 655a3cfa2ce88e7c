import type { Request, Response } from 'express';
import type { SteerOutcome } from '../db/ledger/edition-acts.ts';
import type { ResendWhich } from '../db/ledger/resend.ts';
import type { EditionSummary } from '../db/newsletters/editions.ts';
import { fieldOf } from '../http/bodies.ts';
import type { Actor } from '../model/actor.ts';
import { cancelEdition } from '../operate/cancel-edition.ts';
import { leaveFailed } from '../operate/leave-failed.ts';
import { leaveUncertain } from '../operate/leave-uncertain.ts';
import { pauseEdition } from '../operate/pause-edition.ts';
import { foreseeResend, resend } from '../operate/resend.ts';
import { resumeEdition } from '../operate/resume-edition.ts';
import { wakeJob } from '../operate/wake-job.ts';
import type { Admin } from './admin.ts';
import { isSure } from './ask.ts';
import { editionName } from './edition-words.ts';
import { backTo } from './respond.ts';
import { sayingFor, type Saying } from './saying.ts';
import { actorOf } from './session.ts';

/** An act on an edition under way. */
interface Asked {
  admin: Admin;
  req: Request;
  res: Response;
  edition: EditionSummary;
  say: Saying;
  by: Actor;
  /** The edition's page. */
  page: string;
}

const STEERS = { pause: pauseEdition, resume: resumeEdition, cancel: cancelEdition };
const LEAVES = { leave: leaveUncertain, 'leave-failed': leaveFailed };
const WHICH: readonly ResendWhich[] = ['missed', 'uncertain', 'failed', 'bounced'];

/** Does to an edition what a button of its page says; what cannot be undone is asked before. */
export async function actOnEdition(admin: Admin, req: Request, res: Response, edition: EditionSummary): Promise<void> {
  const action = await fieldOf(req, 'action');
  const page = `/admin/editions/${encodeURIComponent(edition.key)}`;
  const asked: Asked = { admin, req, res, edition, say: sayingFor(admin.ctx, req), by: actorOf(res), page };
  if (action === 'pause' || action === 'resume') return steer(asked, action);
  if (action === 'cancel') return cancel(asked);
  if (action === 'resend') return sendAgain(asked);
  if (action === 'leave' || action === 'leave-failed') return leave(asked, action);
  if (action === 'plan') return planNow(asked);
  backTo(res, page, asked.say.words('admin.editions.did.unknown'));
}

async function steer({ admin, res, edition, say, by, page }: Asked, act: keyof typeof STEERS): Promise<void> {
  const result = await STEERS[act](admin.ctx, edition.key, by);
  backTo(
    res,
    page,
    say.words(`admin.editions.did.${wordOf(act, result)}`, { count: 'deliveries' in result ? result.deliveries : 0 }),
  );
}

/** Whoever comes second is told that it was done already, or that the edition is over. */
function wordOf(act: string, { outcome }: SteerOutcome): string {
  if (outcome === 'done') return act;
  return outcome === 'already' ? `${act}.already` : outcome;
}

async function cancel(asked: Asked): Promise<void> {
  const { admin, req, res, edition, say, page } = asked;
  const { words, language } = say;
  const waiting = ['planned', 'retrying', 'sending'].reduce((sum, state) => sum + (edition.counts[state] ?? 0), 0);
  const sure = await isSure(admin, req, res, {
    title: words('admin.editions.ask.cancel', { name: editionName(edition.key, words, language) }),
    says: [
      words('admin.editions.ask.cancelSays', { count: waiting, sent: edition.counts['sent'] ?? 0 }),
      words('admin.editions.ask.forGood'),
    ],
    ...{ yes: words('admin.editions.ask.cancelYes'), no: words('admin.editions.ask.no'), back: page },
    fields: { action: 'cancel' },
  });
  if (sure) await steer(asked, 'cancel');
}

async function sendAgain({ admin, req, res, edition, say, by, page }: Asked): Promise<void> {
  const which = await fieldOf(req, 'only');
  const only = WHICH.find((one) => one === which);
  if (!only) return backTo(res, page, say.words('admin.editions.did.unknown'));
  if (edition.state === 'cancelled') return backTo(res, page, say.words('admin.editions.did.cancelled'));
  const wish = { edition: edition.key, only };
  const foreseen = await foreseeResend(admin.ctx, wish);
  const mails = foreseen ? foreseen.again + foreseen.planned : 0;
  if (!foreseen || mails === 0) return backTo(res, page, say.words('admin.editions.did.nobodyAgain'));
  const says = [
    say.words(`admin.editions.ask.resend.${only}`, { count: mails }),
    ...(foreseen.shownSince > 0 ? [say.words('admin.editions.ask.shownSince', { count: foreseen.shownSince })] : []),
    ...(foreseen.nothing > 0 ? [say.words('admin.editions.ask.nothing', { count: foreseen.nothing })] : []),
    say.words('admin.editions.ask.neverTwice'),
  ];
  const sure = await isSure(admin, req, res, {
    ...{ title: say.words('admin.editions.ask.resend', { count: mails }), says },
    ...{ yes: say.words('admin.editions.ask.resendYes'), no: say.words('admin.editions.ask.no'), back: page },
    fields: { action: 'resend', only },
  });
  if (!sure) return;
  const done = await resend(admin.ctx, wish, by);
  backTo(res, page, say.words('admin.editions.did.resend', { count: done.again + done.planned }));
}

async function leave({ admin, res, edition, say, by, page }: Asked, which: keyof typeof LEAVES): Promise<void> {
  const done = await LEAVES[which](admin.ctx, edition.key, by);
  backTo(res, page, say.words('admin.editions.did.leave', { count: done?.left ?? 0 }));
}

async function planNow({ admin, res, say, by, page }: Asked): Promise<void> {
  await wakeJob(admin.ctx, 'plan', by);
  backTo(res, page, say.words('admin.editions.did.plan'));
}
