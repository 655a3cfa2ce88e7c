import { setMaxListeners } from 'node:events';
import { join } from 'node:path';
import type pg from 'pg';
import pino, { type DestinationStream, type Logger } from 'pino';
import { PACKAGE_ROOT, type Config } from './config.ts';
import type { Context, Keys } from './context.ts';
import { openPool, openPrisma, type Db } from './db/client.ts';
import { hearLockWaits } from './db/lock-waits.ts';
import { watchLockWaits } from './db/locks.ts';
import { loadKeys } from './db/keys.ts';
import { bringUpToDate } from './db/bring-up-to-date.ts';
import { syncTopics } from './db/interests/topics.ts';
import { openTurns } from './db/sources/hosts.ts';
import { createMailer } from './deliver/relays/mailer.ts';
import type { WorkQueue } from './queue.ts';
import { openJournalOf } from './keeping.ts';
import { openClient } from './ingest/asking/client.ts';
import { messageOf } from './lib/errors.ts';
import { withoutSecrets } from './lib/redact.ts';
import { liveConfig, refreshSettings } from './live-settings.ts';
import { refreshTopics } from './live-topics.ts';
import { packageVersion } from './package.ts';
import { readListFrom } from './reading.ts';
import { secretsIn } from './secrets-in.ts';
import { previousSecretsOf, secretOf } from './wrapping-secrets.ts';
import { readTopics } from './match/concepts/own-concepts.ts';
import { measuredMailer } from './measures/measured-mailer.ts';
import { openMeters } from './measures/meters.ts';
import type { Composer } from './model/newsletter.ts';

/** A context with the means to work the queue and to let everything go. */
export interface OpenContext extends Context {
  queue: WorkQueue;
  /** Says that the process is to end: `ending` aborts. */
  end(): void;
  /** Closes everything, in reverse order of opening. */
  close(): Promise<void>;
}

/** Asks the system's own clock. */
export function systemNow(): Date {
  return new Date();
}

/** How a context is opened. */
export interface OpenOptions {
  /** Stands in for the clock (`run --now`). */
  now?: () => Date;
  /** Hears what takes a while: creating the database, applying migrations. */
  progress?: (step: string) => void;
  /** Hears that the embedded database is gone, in words, before the process ends for it. */
  lost?: (words: string) => Promise<void>;
}

/**
 * Opens everything: the database (embedded unless DATABASE_URL is set), brought up to date under a lock, the keys, the
 * topics, the queue and the way out for mail. Throws AppError unavailable naming what could not be reached.
 */
export async function openContext(config: Config, options: OpenOptions = {}): Promise<OpenContext> {
  const log = openLog(config);
  hearLockWaits((line, { lock, holder }) => log.warn({ lock, holder }, line));
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) {
      await closer().catch((error: unknown) => log.error({ problem: messageOf(error) }, 'close'));
    }
  };
  try {
    return { ...(await openParts(config, options, log, closers)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openParts(
  config: Config,
  { now = systemNow, ...options }: OpenOptions,
  log: Logger,
  closers: (() => Promise<void>)[],
): Promise<Omit<OpenContext, 'close'>> {
  const url = config.DATABASE_URL ?? (await openEmbedded(config, options, log, closers));
  const applied = await bringUpToDate(url, join(PACKAGE_ROOT, 'prisma', 'migrations'), packageVersion());
  if (applied.length > 0) log.info({ applied: applied.length, newest: applied.at(-1) }, 'migrate');
  const { pool, db } = connect(url, config, log, closers);
  const readList = readListFrom(config.DATABASE_READ_URL, db, log, closers);
  const keys = await loadKeys(db, secretOf(config), now(), previousSecretsOf(config));
  const journal = openJournalOf(config, keys, { db, log, closers });
  await syncTopics(db, readTopics(config.CONCEPTS_FILE));
  const live = liveConfig(config);
  await refreshSettings({ db, config: live });
  await refreshTopics({ db, config: live });
  const { queue, opened } = queueWhenAsked(pool, log);
  closers.push(() => queue.close());
  if (applied.length > 0) await opened(); // a database made or brought up to date is ready with its queue
  const [meters, ending] = [openMeters(), new AbortController()];
  setMaxListeners(0, ending.signal); // everyone who follows a page hears it
  return {
    config: live,
    db,
    ...(readList && { readList }),
    keys,
    mailer: measuredMailer(await createMailer(config, log), meters),
    composer: composerWhenAsked(config, keys),
    queue,
    fetch,
    fetchSource: openClient(config),
    turns: openTurns(db),
    journal,
    ...{ meters, ending: ending.signal, end: () => ending.abort() },
    now,
    log,
  };
}

function connect(
  url: string,
  { SEND_CONNECTIONS }: Config,
  log: Logger,
  closers: (() => Promise<void>)[],
): { pool: pg.Pool; db: Db } {
  const pool = openPool(url, SEND_CONNECTIONS + 12, (error) => log.warn({ problem: error.message }, 'database'));
  closers.push(() => pool.end(), watchLockWaits(pool));
  const db = openPrisma(pool);
  closers.push(() => db.$disconnect());
  return { pool, db };
}

/** Opens the composer when it is first asked for, as most never do: MJML alone takes half a second and some 60 MB. */
function composerWhenAsked(config: Config, keys: Keys): () => Promise<Composer> {
  let opening: Promise<Composer> | undefined;
  const open = async () => (await import('./compose/composer.ts')).openComposer(config, keys);
  return () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined; // a key may be mended meanwhile
      throw error;
    }));
}

/** Opens the queue with its modules when somebody is first woken or listens: what only reads needs none. */
function queueWhenAsked(pool: pg.Pool, log: Logger): { queue: WorkQueue; opened: () => Promise<WorkQueue> } {
  let opening: Promise<WorkQueue> | undefined;
  const open = async () => (await import('./queue.ts')).openQueue(pool, log);
  const opened = () =>
    (opening ??= open().catch((error: unknown) => {
      opening = undefined; // the next asks again
      throw error;
    }));
  const queue: WorkQueue = {
    wake: async (job, tx) => (await opened()).wake(job, tx),
    work: async (handlers) => (await opened()).work(handlers),
    rest: async () => (await opening)?.rest(),
    close: async () => (await opening)?.close(),
  };
  return { queue, opened };
}

/** Opens the log: one JSON line an event on stderr, addresses and secrets left out, whatever an error's words hold. */
export function openLog(config: Config, to: DestinationStream = pino.destination(2)): Logger {
  const secrets = secretsIn(config).map((secret) => JSON.stringify(secret).slice(1, -1));
  return pino(
    {
      hooks: { streamWrite: (line) => withoutSecrets(line, secrets) },
      level: config.LOG_LEVEL,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (level) => ({ level }) },
      // `detail`: PostgreSQL names the key in it that is there already.
      redact: ['email', 'token', '*.email', '*.token', '*.password', '*.detail'],
    },
    to,
  );
}

async function openEmbedded(
  config: Config,
  { progress, lost }: OpenOptions,
  log: Logger,
  closers: (() => Promise<void>)[],
): Promise<string> {
  progress?.('Starting the embedded database …');
  const { startEmbedded } = await import('./db/embedded/server.ts');
  const say = progress ?? ((line: string) => void process.stderr.write(`${line}\n`));
  const server = await startEmbedded(join(config.DATA_DIR, 'postgres'), {
    waiting: (pid) => say(`Waiting for process ${pid}, which is at work on the database …`),
    raise: async (move) => {
      const { raiseMajor } = await import('./backup/raise-major.ts');
      log.info(await raiseMajor(move, { say }), 'database moved to another major version of PostgreSQL');
    },
  });
  server.onLost(() => {
    const words = 'The embedded database went away; the process ends, so that a restart brings it back';
    log.fatal(words);
    process.exitCode = 1;
    void (lost?.(words) ?? Promise.resolve()).finally(() => process.kill(process.pid, 'SIGTERM'));
  });
  closers.push(() => server.release());
  return server.url;
}
