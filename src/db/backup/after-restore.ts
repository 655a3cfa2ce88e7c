import type pg from 'pg';

/** Since which moment nothing is to go, and why. */
interface Hold {
  reason: string;
  snapshotAt: string;
}

const HOLD_SQL = `INSERT INTO sending_holds (kind, reason, snapshot_at, held_at) VALUES ('restored', $1, $2, clock_timestamp())`;

/**
 * Puts all sending on hold and forgets the processes of then, in the caller's transaction: from its commit on the
 * database may be used, and nothing goes. This hold stands for those that were in the backup.
 */
export async function holdAfterRestore(client: pg.ClientBase, { reason, snapshotAt }: Hold): Promise<void> {
  await client.query('DELETE FROM processes');
  await client.query('UPDATE sending_holds SET let_go_at = clock_timestamp() WHERE let_go_at IS NULL');
  await client.query(HOLD_SQL, [reason, snapshotAt]);
}

/**
 * Forgets the processes that worked on the rows elsewhere, and lifts the hold of the move that brought them, in the
 * caller's transaction; what else holds sending, an earlier move too, holds it here as well.
 */
export async function goOnElsewhere(client: pg.ClientBase, hold: number): Promise<void> {
  await client.query('DELETE FROM processes');
  await client.query('UPDATE sending_holds SET let_go_at = clock_timestamp() WHERE let_go_at IS NULL AND id = $1', [
    hold,
  ]);
}
