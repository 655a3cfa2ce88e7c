import { beforeAll, test } from 'vitest';
import { planAll, seed } from '../../bench/send/seed.ts';
import { makeBackup, type MadeBackup } from '../../src/backup/make-backup.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { killAndRestoreAgain, type Moment } from './killed.ts';
import { newFile, onEmptyDatabase } from './service.ts';

const database = testDatabase();
let made: MadeBackup;

/** As many that each step of a restore lasts long enough to be killed in it. */
const READERS = 40_000;

beforeAll(async () => {
  await seed(database.pool, READERS);
  await planAll(database.pool);
  const ctx = await testContext(database);
  made = await makeBackup({ db: ctx.db, config: ctx.config, now: ctx.now }, { file: newFile() }, 'cli');
}, 300_000);

test.each<[string, Moment]>([
  ['nothing but the first migration is there', { migrations: 1 }],
  ['it loads the first large table', { asks: /^COPY "deliveries"/ }],
  ['it loads the last large table', { asks: /^COPY "subscribers"/ }],
  ['it makes indexes', { asks: /^CREATE (UNIQUE )?INDEX/ }],
  ['it looks at foreign keys', { asks: /ADD CONSTRAINT/ }],
])(
  'when a restore is killed while %s, then the database is refused, and restored again it is whole',
  async (_words, moment) => {
    await onEmptyDatabase((url) => killAndRestoreAgain(made, url, moment));
  },
  300_000,
);
