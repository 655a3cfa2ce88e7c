import type { Context } from '../context.ts';
import {
  complaintShare,
  complaintShares,
  findOrigin,
  findRefusedEditions,
  findWaitingEditions,
  type RefusedEdition,
} from '../db/feedback/shares.ts';
import { hasActedOn } from '../db/operator/acts-list.ts';
import { pauseEdition } from '../operate/pause-edition.ts';
import { tellOperator } from '../operate/tell-operator.ts';
import { COMPLAINT_MS, exceeds, PAUSE, percent, REFUSED, WARN } from './breaker-rule.ts';

const BREAKER = 'job:feedback';
const WHY = 'Providers that see 0.3 % of complaints begin to refuse everything, to those who want it too.';

/**
 * Looks whether too many complain, or too many addresses refuse an edition: tells the operator, and pauses what is
 * under way. Each edition is paused once; what an operator resumes goes on.
 */
export async function checkBreaker(
  ctx: Context,
  seen: { complained: boolean; editions: readonly number[] },
): Promise<void> {
  if (seen.complained) await ofComplaints(ctx);
  if (seen.editions.length === 0) return;
  for (const edition of await findRefusedEditions(ctx.db, seen.editions, REFUSED.least))
    if (exceeds(edition.refused, edition.mails, REFUSED)) await ofRefused(ctx, edition);
}

async function ofComplaints(ctx: Context): Promise<void> {
  const now = ctx.now();
  const since = new Date(now.getTime() - COMPLAINT_MS);
  const { complaints, sent } = await complaintShare(ctx.db, since);
  const said = `${complaints} complaints of ${sent} newsletters in 7 days (${percent(complaints, sent)})`;
  const day = now.toISOString().slice(0, 10);
  if (exceeds(complaints, sent, PAUSE)) {
    const keys = await findWaitingEditions(ctx.db, since);
    const paused: string[] = [];
    for (const key of keys) if (await pauseOnce(ctx, key)) paused.push(key);
    const what =
      paused.length > 0
        ? `Paused: ${paused.join(', ')}. \`offprint editions resume KEY\` goes on.`
        : 'Nothing was under way.';
    await tell(ctx, `complaints-pause:${day}`, 'Too many complaints', [`${said}.`, what, WHY]);
  } else if (exceeds(complaints, sent, WARN)) {
    await tell(ctx, `complaints:${day}`, 'Complaints are rising', [`${said}; from 0.3 % on sending pauses.`, WHY]);
  }
  for (const at of await complaintShares(ctx.db, since, WARN.least)) {
    if (at.sent === 0 || !exceeds(at.complaints, at.sent, WARN)) continue;
    const words = `${at.complaints} complaints of ${at.sent} mails to ${at.destination} in 7 days (${percent(at.complaints, at.sent)}).`;
    await tell(ctx, `complaints:${at.destination}:${day}`, `Complaints at ${at.destination}`, [words, WHY]);
  }
}

async function ofRefused(ctx: Context, { id, key, refused, mails }: RefusedEdition): Promise<void> {
  if (!(await pauseOnce(ctx, key))) return;
  const origin = await findOrigin(ctx.db, id);
  const from =
    origin?.importId != null
      ? `${origin.count} of them came with import ${origin.importId}: \`offprint acts\` lists it and takes it back.`
      : `${origin?.count ?? 0} of them came by «${origin?.source ?? 'form'}».`;
  await tell(ctx, `refused:${key}`, `${key} was paused: too many addresses are unknown`, [
    `${refused} of ${mails} addresses refused ${key} as unknown (${percent(refused, mails)}).`,
    from,
    `The rest of the edition waits. \`offprint editions resume ${key}\` goes on, \`cancel\` ends it.`,
  ]);
}

async function pauseOnce(ctx: Context, key: string): Promise<boolean> {
  if (await hasActedOn(ctx.db, key, 'edition.pause', BREAKER)) return false;
  return (await pauseEdition(ctx, key, BREAKER)).outcome === 'done';
}

async function tell(ctx: Context, key: string, subject: string, lines: string[]): Promise<void> {
  ctx.log.error({ lines }, subject);
  await tellOperator(ctx, { key, subject, lines }, BREAKER);
}
