import type { Context } from '../context.ts';
import { goOnElsewhere } from '../db/backup/after-restore.ts';
import { load } from '../db/backup/load.ts';
import type { Measured } from '../db/backup/measure-rows.ts';
import { measureTables } from '../db/backup/measure-tables.ts';
import { urlOf, withSession } from '../db/backup/session.ts';
import { guessRows, withSnapshot } from '../db/backup/snapshot.ts';
import { transaction } from '../db/client.ts';
import { recordAct } from '../db/operator/audit.ts';
import { listProcesses, lookAtClock } from '../db/operator/processes.ts';
import { holdSending, letGo } from '../db/sending/holds.ts';
import { AppError } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import { packageVersion } from '../package.ts';
import { checkTable } from './manifest.ts';
import { MIGRATIONS } from './restore-backup.ts';

/** How a move is asked for. */
export interface MoveWish {
  /** The database to move to: empty, or freshly migrated. */
  to: string;
  progress?: (rows: number, of: number) => void;
  step?: (words: string) => void;
}

/** A database that was moved. */
export interface Moved {
  tables: number;
  rows: number;
  /** Whether SECRET wraps its keys. */
  keysWrapped: boolean;
}

/**
 * Moves the whole database to another server, table by table without a file, reads everything back there and compares.
 * The old one is put on hold before, and stays so: nothing is ever sent from both. Throws AppError conflict while
 * processes work on it, or where the other is in use.
 */
export async function moveData(ctx: Context, wish: MoveWish, by: Actor): Promise<Moved> {
  await refuseProcesses(ctx);
  const host = new URL(wish.to).host;
  await hold(ctx, host, by);
  try {
    return await withSession(urlOf(ctx.db), (client) =>
      withSession(wish.to, async (target) => {
        const total = await guessRows(client);
        return withSnapshot(client, (snapshot) => {
          const written = new Map<string, Measured>();
          const from = {
            ...snapshot,
            check: ({ name }: { name: string }, found: Measured) => void written.set(name, found),
          };
          return loadAndCompare(target, from, written, { ...wish, total, host });
        });
      }),
    );
  } catch (error) {
    await letGo(ctx.db).catch(() => {}); // else `status` tells of it
    throw error;
  }
}

type From = Parameters<typeof load>[1] & { head: { keysWrapped: boolean } };

async function loadAndCompare(
  target: Parameters<typeof load>[0],
  from: From,
  written: ReadonlyMap<string, Measured>,
  { total, host, progress, step }: MoveWish & { total: number; host: string },
): Promise<Moved> {
  await load(target, from, {
    what: `a move to ${host}`,
    migrations: MIGRATIONS,
    release: packageVersion(),
    progress: (rows) => progress?.(rows, Math.max(rows, total)),
    ...(step && { step }),
    loaded: async (client, tables) => {
      step?.('Comparing every table …');
      for (const { name, ...found } of await measureTables(client, tables)) {
        const wanted = written.get(name);
        if (wanted) checkTable(host, { name, ...wanted }, found);
      }
    },
    finish: goOnElsewhere,
  });
  const rows = [...written.values()].reduce((sum, table) => sum + table.rows, 0);
  return { tables: written.size, rows, keysWrapped: from.head.keysWrapped };
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

async function hold(ctx: Context, host: string, by: Actor): Promise<void> {
  await transaction(ctx.db, async (tx) => {
    const snapshotAt = await lookAtClock(tx);
    await holdSending(tx, { kind: 'moved', reason: `moved to ${host}`, snapshotAt });
    await recordAct(tx, { at: ctx.now(), actor: by, action: 'backup.move', subject: null, detail: { host } });
  });
}
