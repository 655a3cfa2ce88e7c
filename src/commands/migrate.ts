import { Command } from 'commander';
import { withContext } from './support.ts';

/** Builds `offprint migrate`: brings the database up to date; every other command does so too when it starts. */
export function migrateCommand(): Command {
  return new Command('migrate').action(() =>
    withContext(() => {
      process.stdout.write('The database is up to date.\n');
      return Promise.resolve();
    }),
  );
}
