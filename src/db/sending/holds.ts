import type { Tx } from '../client.ts';
import { filled, instant, int4, orNull, text, textOf } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** Why nothing goes: this database was restored from a backup, moved to another server, or is behind its journal. */
export interface SendingHold {
  id: number;
  kind: 'restored' | 'moved' | 'behind';
  reason: string;
  /** The moment whose rows are here. */
  snapshotAt: Date;
  heldAt: Date;
}

const standing = query(
  'what is on hold',
  { id: int4, kind: textOf<SendingHold['kind']>(), reason: text, snapshotAt: instant, heldAt: instant },
  () => sql`
    SELECT id, kind, reason, snapshot_at AS "snapshotAt", held_at AS "heldAt" FROM sending_holds WHERE let_go_at IS NULL ORDER BY id`,
);

/** Returns why nothing is chosen, sent or told at present, `besides` one hold; null where it goes. */
export async function findHold(db: Tx, { besides }: { besides?: number } = {}): Promise<SendingHold | null> {
  return (await standing(db, {})).find(({ id }) => id !== besides) ?? null;
}

const hold = query(
  'hold all sending',
  { id: filled(int4) },
  (given: { kind: string; reason: string; snapshotAt: Date }) => sql`
    INSERT INTO sending_holds (kind, reason, snapshot_at, held_at)
    VALUES (${given.kind}, ${given.reason}, ${given.snapshotAt}, clock_timestamp()) RETURNING id`,
);

/** Holds all sending until `letGo`. Returns the hold's number. */
export async function holdSending(db: Tx, given: Pick<SendingHold, 'kind' | 'reason' | 'snapshotAt'>): Promise<number> {
  const [row] = await hold(db, given);
  if (!row) throw new Error('the hold was not written');
  return row.id;
}

const release = command(
  'let sending go on',
  () => sql`UPDATE sending_holds SET let_go_at = clock_timestamp() WHERE let_go_at IS NULL`,
);

/** Lets sending go on, whatever holds it; true where it was on hold. */
export async function letGo(db: Tx): Promise<boolean> {
  return (await release(db, {})) > 0;
}

const liftOne = command(
  'lift one hold',
  (given: { id: number }) =>
    sql`UPDATE sending_holds SET let_go_at = clock_timestamp() WHERE id = ${given.id} AND let_go_at IS NULL`,
);

/** Lifts one hold; the others stay. */
export async function liftHold(db: Tx, id: number): Promise<void> {
  await liftOne(db, { id });
}

const letGoAt = query(
  'when sending was last let go on',
  { at: orNull(instant) },
  () => sql`SELECT max(let_go_at) AS at FROM sending_holds WHERE kind <> 'moved'`,
);

/**
 * Returns when somebody last let sending go on, whatever is missing; null where nobody did. The end of a move says
 * nothing of that.
 */
export async function lastLetGo(db: Tx): Promise<Date | null> {
  return (await letGoAt(db, {}))[0]?.at ?? null;
}
