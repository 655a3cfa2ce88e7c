import type { Context } from '../../context.ts';
import type { Tx } from '../../db/client.ts';
import { countForAct } from '../../db/operator/audit.ts';
import { findErrand, keepProblems, lockErrand, noteErrand, type ErrandProblem } from '../../db/operator/errands.ts';
import { findSuppressed } from '../../db/subscribers/suppressions.ts';
import { AppError } from '../../lib/errors.ts';
import { addressHash, canonicalAddress } from '../../model/address.ts';
import type { ImportErrand } from '../../subscribers/import-csv.ts';
import type { RejectedRow } from '../../subscribers/import-rows.ts';

/**
 * Notes what an import did in the transaction that does it: its act counts, and its errand knows how far it is. Throws
 * AppError conflict where the import was taken back meanwhile: what takes it back waits for this transaction, or this
 * one brings nothing.
 */
export function noteImport(
  ctx: Pick<Context, 'keys'>,
  { id, actId }: { id: number; actId: bigint },
  rowsSoFar: () => number,
): ImportErrand['note'] {
  return async (tx, done) => {
    const errand = await lockErrand(tx, id);
    if (errand?.state === 'stopped')
      throw new AppError('conflict', 'this import was taken back; whom it had brought is removed again');
    await keepRejected({ ...ctx, db: tx }, id, done.rejected);
    await countForAct(tx, actId, done.counts);
    const known = errand?.counts ?? {};
    const sums = Object.entries<number>(done.counts).map(([status, n]) => [status, (known[status] ?? 0) + n] as const);
    const counts = { ...known, ...Object.fromEntries<number>(sums) };
    await noteErrand(tx, id, { position: done.line, done: rowsSoFar(), counts });
  };
}

/** Notes at the end of an import how many rows it had, and how many were not taken in. */
export async function noteImported(
  { db }: Pick<Context, 'db'>,
  { id, actId, rows, rejected }: { id: number; actId: bigint; rows: number; rejected: number },
): Promise<void> {
  if (rejected > 0) await countForAct(db, actId, { rejected });
  const counts = { ...(await findErrand(db, id))?.counts, rejected };
  await noteErrand(db, id, { done: rows, total: rows, counts });
}

/**
 * Keeps rows that were not taken in for the errand's report. Of somebody erased the address is not written down again:
 * the line tells where it stands.
 */
export async function keepRejected(
  { db, keys }: { db: Tx; keys: Context['keys'] },
  id: number,
  rows: readonly RejectedRow[],
): Promise<void> {
  if (rows.length === 0) return;
  const hashes = rows.map(({ email }) => {
    const read = canonicalAddress(email);
    return read.ok ? addressHash(keys.suppression, read.address).toString('hex') : '';
  });
  const suppressed = await findSuppressed(db, hashes.filter(Boolean));
  const problems = rows.map(({ line, email, reason, why }, at): ErrandProblem => {
    const isErased = suppressed.get(hashes[at] ?? '') === 'erased';
    return { line, what: isErased ? '' : email, reason, why };
  });
  await keepProblems(db, id, problems);
}
