import { join } from 'node:path';
import type { Context } from '../context.ts';
import { refreshKeys } from '../db/keys.ts';
import { migrationNames } from '../db/migrate.ts';
import { reachable } from '../db/reachable.ts';
import { compareSchema } from '../db/schema-standing.ts';
import { oneLine } from '../lib/errors.ts';
import { freeBytes } from '../lib/free-space.ts';
import { PACKAGE_ROOT, packageVersion } from '../package.ts';

/** What a process needs to serve, in the order in which it is looked at. */
export const READY_CHECKS = ['draining', 'database', 'migrations', 'keys', 'disk'] as const;

/** One of them, and how it stands. */
export interface ReadyCheck {
  name: (typeof READY_CHECKS)[number];
  ok: boolean;
  says: string;
}

/** Below this the database of DATA_DIR, and the outbox, may soon take nothing more. */
export const LEAST_BYTES = 100_000_000;
/** A database that takes longer for `SELECT 1` serves nobody. */
const PATIENCE_MS = 2_000;

/**
 * Looks whether this process can serve. A mail server that is away is none of it: links in mails must go on working,
 * and newsletters wait; that is an alarm.
 */
export async function checkReadiness(ctx: Context): Promise<ReadyCheck[]> {
  const database = await checkDatabase(ctx);
  const rest = database.ok ? [await checkMigrations(ctx), await checkKeys(ctx)] : [];
  return [checkDraining(ctx), database, ...rest, await checkDisk(ctx.config.DATA_DIR)];
}

function checkDraining({ ending }: Context): ReadyCheck {
  const ok = !ending.aborted;
  return { name: 'draining', ok, says: ok ? 'takes requests' : 'is ending and takes nothing new' };
}

async function checkDatabase({ db }: Context): Promise<ReadyCheck> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
  const ok = await Promise.race([reachable(db), late]);
  clearTimeout(timer);
  return { name: 'database', ok, says: ok ? 'the database answers' : 'the database does not answer' };
}

/** A newer release may have brought the database further: this one goes on until it is replaced. */
async function checkMigrations({ db }: Context): Promise<ReadyCheck> {
  const name = 'migrations';
  try {
    const { missing, unknown } = await compareSchema(
      db,
      await migrationNames(join(PACKAGE_ROOT, 'prisma', 'migrations')),
      packageVersion(),
    );
    if (missing.length > 0)
      return {
        name,
        ok: false,
        says: `the database lacks ${missing.join(', ')}: offprint migrate brings it up to date`,
      };
    const newer = unknown.length > 0 ? `a newer release brought the database to ${unknown.at(-1) ?? ''}` : null;
    return { name, ok: true, says: newer ?? 'the database is up to date' };
  } catch (error) {
    return { name, ok: false, says: oneLine(error) };
  }
}

async function checkKeys({ db, keys }: Context): Promise<ReadyCheck> {
  try {
    await refreshKeys(db, keys);
    const ok = keys.link.length > 0;
    return { name: 'keys', ok, says: ok ? 'the keys open' : 'there is no key that signs links' };
  } catch (error) {
    return { name: 'keys', ok: false, says: oneLine(error) };
  }
}

/** Looks at the disk of a data folder. */
export async function checkDisk(folder: string): Promise<ReadyCheck> {
  try {
    const free = await freeBytes(folder);
    const ok = free >= LEAST_BYTES;
    const says = `${Math.floor(free / 1_000_000)} MB free in ${folder}`;
    return { name: 'disk', ok, says: ok ? says : `${says}; expected ${LEAST_BYTES / 1_000_000} MB or more` };
  } catch (error) {
    return { name: 'disk', ok: false, says: `${folder}: ${oneLine(error)}` };
  }
}
