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
export default defineConfig({
  test: {
    pool: 'forks',
    maxWorkers: '100%', // the default leaves a core idle, half of them on a small machine
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
      { extends: true, test: { name: 'embedded', ...onDatabase } },
      // What a browser sees does not depend on the server underneath: those walks are long, once is enough.
      ...(installed
        ? [
            {
              extends: true as const,
              test: { name: 'postgres', ...onDatabase, exclude: ['test/**/*.browser.db.test.ts'] },
            },
          ]
        : []),
    ],
  },
});
