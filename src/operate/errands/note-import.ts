import type { Context } from '../../context.ts';
import type { Tx } from '../../db/client.ts';
import { countForAct } from '../../db/operator/audit.ts';
import { findErrand, keepProblems, lockErrand, noteErrand, type ErrandProblem } from '../../db/operator/errands.ts';
import { AppError } from '../../lib/errors.ts';
import type { ImportErrand } from '../../subscribers/import-csv.ts';
import type { RejectedRow } from '../../subscribers/import-rows.ts';

/**
 * Notes what an import did in the transaction that does it: its act counts, and its errand knows how far it is. Throws
 * AppError conflict where the import was taken back meanwhile: what takes it back waits for this transaction, or this
 * one brings nothing.
 */
export function noteImport(id: number, actId: bigint, rowsSoFar: () => number): ImportErrand['note'] {
  return async (tx, done) => {
    const errand = await lockErrand(tx, id);
    if (errand?.state === 'stopped')
      throw new AppError('conflict', 'this import was taken back; whom it had brought is removed again');
    await keepProblems(tx, id, done.rejected.map(problemOf));
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

/** Keeps rows that were not taken in for the errand's report. */
export async function keepRejected(db: Tx, id: number, rows: readonly RejectedRow[]): Promise<void> {
  await keepProblems(db, id, rows.map(problemOf));
}

/** Of somebody erased the address is not written down again: the line tells where it stands. */
function problemOf({ line, email, reason, why }: RejectedRow): ErrandProblem {
  const isErased = why.some(({ name, values }) => name === 'suppressed' && values?.['suppressed'] === 'erased');
  return { line, what: isErased ? '' : email, reason, why };
}
