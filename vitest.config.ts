import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/support/longest-first.ts';
import { postgresForTests } from './test/support/servers.ts';
import { PATIENCE_MS } from './test/support/until.ts';

const onDatabase = {
  include: ['test/**/*.db.test.ts'],
  globalSetup: ['test/support/global-database.ts'],
  setupFiles: ['test/support/strict.ts'],
  testTimeout: PATIENCE_MS * 1.5,
  hookTimeout: PATIENCE_MS * 1.5,
};
const installed = await postgresForTests();

// Where there are two servers, each file runs on one of them, and with THOROUGH=1 on both: pages, commands, previews,
// and what readers, operators and sources do on the embedded one; planning, delivering and long lists on the other.
// What leans on the server itself always runs on both: statements, locks, keys, migrations, jobs.
const ON_EMBEDDED = [
  'http',
  'web',
  'admin',
  'api',
  'hooks',
  'commands',
  'subscribers',
  'operate',
  'preview',
  'match',
  'feedback',
  'standing',
  'ingest/!(asking)',
].map((folder) => `test/${folder}/**`);
const ON_INSTALLED = [
  ...['deliver', 'plan', 'ingest/asking', 'backup', 'journal'].map((folder) => `test/${folder}/**`),
  'test/{journey,queue}.db.test.ts',
  'test/db/{lists,reader-search,newsletter-inputs}.db.test.ts',
];
/** Before a release all is run: the long tests as well, and each database test on both servers. */
const isThorough = process.env['THOROUGH'] === '1';
const LONG = isThorough ? [] : ['test/**/*.long.*'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share a process, one after the other: to read the program in anew for each took a quarter of all the time.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // What one project has transformed, the next two find: a sixth of the time of a run that begins with nothing.
    experimental: { fsModuleCache: true },
    // Many tests wait for mails and clocks: two more than cores keep those busy.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.db.test.ts', ...LONG],
          setupFiles: ['test/support/strict.ts'],
          testTimeout: PATIENCE_MS * 1.5,
          hookTimeout: PATIENCE_MS * 1.5,
        },
      },
      {
        extends: true,
        test: {
          name: 'embedded',
          ...onDatabase,
          exclude: [...LONG, ...(installed && !isThorough ? ON_INSTALLED : [])],
        },
      },
      ...(installed
        ? [
            {
              extends: true as const,
              test: { name: 'postgres', ...onDatabase, exclude: [...LONG, ...(isThorough ? [] : ON_EMBEDDED)] },
            },
          ]
        : []),
    ],
  },
});
