import pg from 'pg';
import { AppError, messageOf } from '../lib/errors.ts';
import { PATIENCE_MS } from './lock-waits.ts';
import { lockOnSession, sayWhoIsWaitedFor } from './locks.ts';
import { migrate, PRISMA_LOCK, TURN } from './migrate.ts';
import { isPooled, keepSettings, sessionName, settle, zoneOf } from './sessions.ts';

const SESSION = 'offprint-migrate';

/**
 * Brings the database at a URL up to this release, over a session of its own. Returns the names of the migrations
 * applied. Throws AppError unavailable where nothing answers, a server older than 15, or a pooler that cannot be used.
 */
export async function bringUpToDate(url: string, dir: string, release: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: url, application_name: sessionName(SESSION) });
  client.on('error', () => {}); // whoever asks over it hears of it
  try {
    await client.connect();
  } catch (error) {
    const { host } = new URL(url);
    throw new AppError('unavailable', `No PostgreSQL answers at ${host}: ${messageOf(error)}. Check DATABASE_URL.`, {
      cause: error,
    });
  }
  try {
    await settle(client);
    await refuseOldServers(client);
    if (isPooled(client)) await refuseStrangePoolers(client, url);
    return await sayingWhoIsWaitedFor(url, () => migrate(client, dir, { release }));
  } finally {
    await client.end();
  }
}

async function refuseOldServers(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ version: string }>("SELECT current_setting('server_version_num') AS version");
  const version = Number(rows[0]?.version);
  if (version < 150_000)
    throw new AppError('unavailable', `PostgreSQL ${version / 10_000} is too old: expected 15 or newer.`);
}

/** A pooler must give a whole transaction to one session, and remember the time zone that a client has set. */
async function refuseStrangePoolers(client: pg.Client, url: string): Promise<void> {
  const { host } = new URL(url);
  try {
    await client.query('BEGIN');
  } catch (error) {
    throw new AppError(
      'unavailable',
      `The pooler at ${host} gives no transactions (${messageOf(error)}): let it pool by transaction (PgBouncer: pool_mode = transaction).`,
      { cause: error },
    );
  }
  await lockOnSession(client, PRISMA_LOCK, TURN); // two that write a role's settings at once fail
  await keepSettings(client);
  await client.query('COMMIT');
  const zone = await zoneOf(client);
  if (zone !== 'UTC')
    throw new AppError(
      'unavailable',
      `The pooler at ${host} forgets the time zone (${zone}, and UTC was set): restart it, since the role has it set now.`,
    );
}

/** While the database is brought up to date, says each 10 s who keeps it waiting. */
async function sayingWhoIsWaitedFor<T>(url: string, work: () => Promise<T>): Promise<T> {
  const look = async () => {
    const client = new pg.Client({ connectionString: url, application_name: sessionName('offprint-watch') });
    client.on('error', () => {});
    await client.connect();
    try {
      await sayWhoIsWaitedFor(client, { name: sessionName(SESSION) });
    } finally {
      await client.end();
    }
  };
  const timer = setInterval(() => void look().catch(() => {}), PATIENCE_MS); // what breaks here, breaks there too
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
