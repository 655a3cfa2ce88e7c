import type pg from 'pg';

/** Why and since which moment nothing is to go. */
interface Hold {
  kind: 'restored' | 'moved';
  reason: string;
  snapshotAt: string;
}

const HOLD_SQL = `INSERT INTO sending_holds (kind, reason, snapshot_at, held_at) VALUES ($1, $2, $3, clock_timestamp())`;

/**
 * Puts all sending on hold and forgets the processes of then, in the caller's transaction: from its commit on the
 * database may be used, and nothing goes.
 */
export async function holdAfterRestore(client: pg.ClientBase, { kind, reason, snapshotAt }: Hold): Promise<void> {
  await goOnElsewhere(client);
  await client.query(HOLD_SQL, [kind, reason, snapshotAt]);
}

/** Forgets the processes that worked on the rows elsewhere, and their holds. */
export async function goOnElsewhere(client: pg.ClientBase): Promise<void> {
  await client.query('DELETE FROM processes');
  await client.query('UPDATE sending_holds SET let_go_at = clock_timestamp() WHERE let_go_at IS NULL');
}
