import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cliPlace } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';

const database = testDatabase();

test('when BACKUP_DIR is set on a worker alone, then it takes the backup, without anybody who serves', async () => {
  const BACKUP_DIR = mkdtempSync(join(tmpdir(), 'offprint-backups-'));
  const place = cliPlace(database.url, { BACKUP_DIR });
  const child = spawn(process.execPath, ['dist/cli.js', 'worker'], { ...place, stdio: 'ignore' });
  try {
    await until('a backup lies there', () => readdirSync(BACKUP_DIR).some((name) => name.endsWith('Z.zip')));
  } finally {
    child.kill('SIGTERM');
    await once(child, 'close');
  }
  const { rows } = await database.pool.query("SELECT outcome FROM runs WHERE job = 'backup'");
  expect(rows).toHaveLength(1);
});
