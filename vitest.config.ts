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

// Where there are two servers, what is long and asks little of the one underneath runs on one of them: pages, commands and what readers
// do on the embedded one, what becomes of mails at all kinds of receivers on the installed one. Everything else runs on both.
const PAGES = ['test/web/**', 'test/admin/**', 'test/commands/**', 'test/subscribers/**'];
const DELIVERY = ['test/deliver/!(chaos|run-deliver).db.test.ts'];

export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: availableParallelism() + 1, // many tests wait for mails and clocks: one more than cores keeps those busy
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
      { extends: true, test: { name: 'embedded', ...onDatabase, exclude: installed ? DELIVERY : [] } },
      ...(installed ? [{ extends: true as const, test: { name: 'postgres', ...onDatabase, exclude: PAGES } }] : []),
    ],
  },
});
