import type { Tx } from '../client.ts';
import { instant, orNull } from '../columns.ts';
import { measured, runAsJson } from '../measured.ts';
import { DUE_COLUMNS, dueColumns, toDueSubscriber, type DueSubscriber } from './due.ts';

const one = measured(
  'a reader as planning reads them',
  { ...DUE_COLUMNS, due_at: orNull(instant) },
  `SELECT ${dueColumns('next_due_at')} FROM subscribers s WHERE s.id = $1`,
);

/** A subscriber as planning would read them; `dueAt` is null where nothing is to come. */
export type AsDue = Omit<DueSubscriber, 'dueAt'> & { dueAt: Date | null };

/** Reads one subscriber as planning would, whether due or not; null where there is none. */
export async function loadAsDue(db: Tx, id: number): Promise<AsDue | null> {
  const [row] = await runAsJson(db, one, [id]);
  return row
    ? {
        ...toDueSubscriber({ ...row, due_at: row.due_at ?? '' }),
        dueAt: row.due_at === null ? null : new Date(row.due_at),
      }
    : null;
}
