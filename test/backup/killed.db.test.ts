import { expect, test } from 'vitest';
import { makeBackup } from '../../src/backup/make-backup.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { killAndRestoreAgain } from './killed.ts';
import { fillService, newFile, onEmptyDatabase } from './service.ts';

const database = testDatabase();

test('when a restore is killed half-way, then every start refuses the database, and restoring again makes it whole', async () => {
  const ctx = await testContext(database);
  await fillService(ctx);
  const made = await makeBackup({ db: ctx.db, config: ctx.config, now: ctx.now }, { file: newFile() }, 'cli');
  expect(made.manifest.migrations.length).toBeGreaterThan(40);
  await onEmptyDatabase((url) => killAndRestoreAgain(made, url, { migrations: 20 }));
}, 180_000);
