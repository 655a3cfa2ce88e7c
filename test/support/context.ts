import { setMaxListeners } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { loadConfig, type Config } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import type { JobName } from '../../src/model/job.ts';
import { loadKeys } from '../../src/db/keys.ts';
import { liveConfig } from '../../src/live-settings.ts';
import { createMailer } from '../../src/deliver/relays/mailer.ts';
import { openClient } from '../../src/ingest/asking/client.ts';
import { noJournal } from '../../src/journal/open-journal.ts';
import { openMeters } from '../../src/measures/meters.ts';
import { everyTurn } from './turns.ts';
import type { TestDatabase } from './database.ts';

/**
 * A context on a test's own database: real everything, but a clock that stands where the test sets it and a queue that
 * only remembers.
 */
export interface TestContext extends Context {
  /** Jobs that were woken, in order. */
  woken: JobName[];
  /** Moves the clock. */
  setNow(instant: Date | string): void;
}

/** Opens a context for tests; `settings` are environment variables, `overrides` replace parts of it. */
export async function testContext(
  database: TestDatabase,
  settings: Record<string, string> = {},
  overrides: Partial<Context> = {},
): Promise<TestContext> {
  const config: Config = loadConfig({
    DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-data-')),
    PUBLIC_URL: 'http://localhost:3000',
    MAIL_FROM: 'Offprint <papers@digest.example.org>',
    POSTAL_ADDRESS: '12 Harbour Street, Brightwater BW1 2AB',
    SOURCES: `nothing=${mkdtempSync(join(tmpdir(), 'offprint-source-'))}`,
    ...settings,
  });
  const log = pino({ level: 'silent' });
  const ending = new AbortController().signal;
  setMaxListeners(0, ending);
  let now = new Date('2026-01-05T12:00:00Z');
  const keys = await loadKeys(database.db, undefined, now);
  const woken: JobName[] = [];
  let composer: ReturnType<Context['composer']> | undefined;
  return {
    config: liveConfig(config),
    db: database.db,
    keys,
    mailer: await createMailer(config, log),
    composer: () => (composer ??= compile(config, keys)),
    queue: {
      wake: (job) => {
        woken.push(job);
        return Promise.resolve();
      },
    },
    fetch,
    fetchSource: overrides.fetch ?? openClient(config),
    turns: everyTurn,
    journal: noJournal,
    meters: openMeters(),
    ending,
    now: () => now,
    log,
    ...overrides,
    woken,
    setNow: (instant) => {
      now = new Date(instant);
    },
  };
}

/** Loaded when it is first asked for: the templates' compiler takes longer to load than most tests take. */
async function compile(config: Config, keys: Context['keys']): ReturnType<Context['composer']> {
  const { openComposer } = await import('../../src/compose/composer.ts');
  return openComposer(config, keys);
}
