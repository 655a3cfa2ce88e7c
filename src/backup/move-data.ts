import type { ClientBase } from 'pg';
import type { Context } from '../context.ts';
import { goOnElsewhere } from '../db/backup/after-restore.ts';
import { urlOf, withSession } from '../db/backup/session.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { listProcesses, lookAtClock } from '../db/operator/processes.ts';
import { holdSending, liftHold } from '../db/sending/holds.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import { copyData, type Copied } from './copy-data.ts';

/** How a move is asked for. */
export interface MoveWish {
  /** The database to move to: empty, or freshly migrated. */
  to: string;
  progress?: (rows: number, of: number) => void;
  step?: (words: string) => void;
}

/**
 * Moves the whole database to another server, table by table without a file, reads everything back there and compares.
 * The old one is put on hold before, and stays so: nothing is ever sent from both. Throws AppError conflict while
 * processes work on it, or where the other is in use; then its own hold is lifted, and no other. Returns that hold,
 * too.
 */
export async function moveData(ctx: Context, wish: MoveWish, by: Actor): Promise<Copied & { hold: number }> {
  await refuseProcesses(ctx);
  const host = new URL(wish.to).host;
  const held = await hold(ctx, host, by);
  const other = { mayBeWhole: false }; // from then on it may send, whether or not we hear of it
  const finish = async (target: ClientBase) => {
    other.mayBeWhole = true;
    await goOnElsewhere(target, held);
  };
  try {
    const copied = await withSession(urlOf(ctx.db), (client) =>
      withSession(wish.to, (target) =>
        copyData(client, target, { ...wish, what: `a move to ${host}`, where: host, finish }),
      ),
    );
    return { ...copied, hold: held };
  } catch (error) {
    if (!other.mayBeWhole) await liftHold(ctx.db, held).catch(() => {}); // else `status` tells of it
    throw error;
  }
}

async function refuseProcesses({ db }: Context): Promise<void> {
  const alive = (await listProcesses(db)).filter(({ lost }) => !lost);
  if (alive.length === 0) return;
  const names = alive.map(({ kind, host, pid }) => `${kind} ${pid} on ${host}`).join(', ');
  throw new AppError(
    'conflict',
    `Offprint is at work on this database: stop ${names} first, so that nothing is left behind.`,
  );
}

async function hold(ctx: Context, host: string, by: Actor): Promise<number> {
  return transaction(ctx.db, async (tx) => {
    const snapshotAt = await lookAtClock(tx);
    const held = await holdSending(tx, { kind: 'moved', reason: `moved to ${host}`, snapshotAt });
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'backup.move', subject: null, detail: { host } });
    return held;
  });
}
