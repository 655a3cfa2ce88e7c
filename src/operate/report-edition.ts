import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { sumsOf, type EditionSum } from '../db/ledger/edition-sums.ts';
import { planNotice } from '../db/ledger/plan-notice.ts';
import { recordAct } from '../db/operator/audit.ts';
import { DEFAULT_LANGUAGE, translator } from '../lib/strings.ts';

/** Who is told of an edition that is over. */
interface Over {
  id: number;
  key: string;
}

/**
 * Plans the report of an edition that is over to ADMIN_EMAIL, once, in the transaction that notes it: how many of its
 * mails were sent, and how many were not, by reason.
 */
export async function reportEdition(ctx: Context, tx: Tx, { id, key }: Over): Promise<void> {
  const email = ctx.config.ADMIN_EMAIL;
  const sums = await sumsOf(tx, [id]);
  if (!email || !ctx.keys.link[0] || sums.length === 0) return;
  const now = ctx.now();
  const noticeKey = `edition:${key}:report`;
  const to = { id: null, email, language: DEFAULT_LANGUAGE, generation: 0 };
  const notice = { kind: 'alarm', payload: reportOf(key, sums), key: noticeKey, to } as const;
  const isNew = await planNotice(tx, ctx.keys, notice, now);
  if (isNew)
    await recordAct(tx, { at: now, actor: 'job:housekeeping', action: 'alarm.tell', detail: { key: noticeKey } });
}

/** Words a report: the sums add up to all mails of the edition. */
export function reportOf(key: string, sums: readonly EditionSum[]): { subject: string; lines: string[] } {
  const t = translator(DEFAULT_LANGUAGE);
  const add = (some: readonly EditionSum[]) => some.reduce((sum, { count }) => sum + count, 0);
  const [sent, total] = [add(sums.filter(({ state }) => state === 'sent')), add(sums)];
  const others = sums.filter(({ state }) => state !== 'sent').sort((a, b) => b.count - a.count);
  const lines = others.map(({ state, endReason, count }) => {
    const reason = endReason === null ? '' : ` (${t(`admin.editions.reason.${endReason}`)})`;
    return `${count}: ${t(`admin.mail.state.${state}`)}${reason}`;
  });
  return {
    subject: `${key}: ${sent} of ${total} sent`,
    lines: [
      `${key} is over: ${sent} of ${total} mails were taken by their servers.`,
      ...(others.length > 0 ? [`Not sent: ${total - sent}.`, ...lines] : []),
      `Each number with the mails behind it: /admin/editions/${encodeURIComponent(key)}`,
    ],
  };
}
