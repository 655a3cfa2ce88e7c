import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { lockStandings, writeStandings } from '../db/feedback/standings.ts';
import { recordAct } from '../db/operator/audit.ts';
import { readSuppressions } from '../db/subscribers/suppression-state.ts';
import { removeSuppression } from '../db/subscribers/suppressions.ts';
import { changeOf } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';
import { mailboxHash } from '../model/address.ts';
import { lockReader } from './reader-of.ts';

/**
 * Gives a reader whose mail server refused us one more try: the suppression is lifted, and the next refusal brings it
 * back at once. `nothing` where nothing was refused; a complaint or an operator's word stays.
 */
export async function tryAgain(
  ctx: Context,
  token: string,
  { actor }: { actor: Actor } = { actor: 'reader' },
): Promise<{ outcome: 'again' | 'nothing' | 'unknown' }> {
  return transaction(ctx.db, async (tx) => {
    await lockStandings(tx);
    const reader = await lockReader(ctx, tx, 'preferences', token);
    if (!reader) return { outcome: 'unknown' };
    const address = Buffer.from(reader.addressHash).toString('hex');
    const hashes = { address, mailbox: mailboxHash(ctx.keys.suppression, reader.email).toString('hex') };
    const before = await readSuppressions(tx, hashes);
    if (!(await removeSuppression(tx, reader.addressHash, ['hard']))) return { outcome: 'nothing' };
    const now = ctx.now();
    const onTrial = { doubtedAt: now, restUntil: now, halfPoints: 0, refusedAt: null };
    await writeStandings(tx, new Map([[address, onTrial]]));
    const detail = { reason: 'hard', hash: hashes.address, mailbox: hashes.mailbox };
    const change = changeOf(before, await readSuppressions(tx, hashes));
    const entry = { at: now, actor, action: 'lift-suppression', subject: reader.publicId } as const;
    await recordAct(tx, { ...entry, detail, ...change });
    return { outcome: 'again' };
  });
}
