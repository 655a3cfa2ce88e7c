import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { postgresForTests } from './test/support/servers.ts';

const onDatabase = {
  include: ['test/**/*.db.test.ts'],
  globalSetup: ['test/support/global-database.ts'],
  setupFiles: ['test/support/strict.ts'],
  testTimeout: 60_000,
  hookTimeout: 60_000,
};
const installed = await postgresForTests();

// Where there are two servers, what is long and asks little of the one underneath runs on one of them: pages, commands,
// previews, and what readers and operators do on the embedded one; what becomes of mails at all kinds of receivers, and
// planning and long lists, on the installed one. Everything else runs on both: the stories of ingesting, matching and
// delivering, chaos, locks, keys, migrations, jobs and the whole journey.
const ON_EMBEDDED = [
  ...['http', 'web', 'admin', 'commands', 'subscribers', 'operate', 'preview', 'api', 'hooks'].map(
    (folder) => `test/${folder}/**`,
  ),
  'test/match/embed.db.test.ts',
  'test/ingest/{set-aside,run-ingest-urls,streams}.db.test.ts',
];
const ON_INSTALLED = [
  'test/deliver/!(chaos|run-deliver).db.test.ts',
  'test/ingest/asking/**',
  'test/queue.db.test.ts',
  'test/plan/**',
  'test/db/{lists,reader-search,newsletter-inputs}.db.test.ts',
];

export default defineConfig({
  test: {
    pool: 'forks',
    // Files share a process, one after the other: to read the program in anew for each took a quarter of all the time.
    isolate: false,
    // Many tests wait for mails and clocks: two more than cores keep those busy.
    maxWorkers: availableParallelism() + 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'pure',
          include: ['test/**/*.test.ts'],
          exclude: ['test/**/*.db.test.ts'],
          setupFiles: ['test/support/strict.ts'],
          testTimeout: 60_000,
        },
      },
      { extends: true, test: { name: 'embedded', ...onDatabase, exclude: installed ? ON_INSTALLED : [] } },
      ...(installed
        ? [{ extends: true as const, test: { name: 'postgres', ...onDatabase, exclude: ON_EMBEDDED } }]
        : []),
    ],
  },
});
