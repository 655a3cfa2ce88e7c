import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, statSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { withLockFile } from '../../src/db/embedded/lock-file.ts';
import { PACKAGE_ROOT } from '../../src/package.ts';
import { until } from '../support/until.ts';

const HOLDER = `
  const { withLockFile } = await import('${pathToFileURL(join(PACKAGE_ROOT, 'src', 'db', 'embedded', 'lock-file.ts')).href}');
  await withLockFile(process.argv[1], async (lock) => {
    lock.keep();
    process.stdout.write('held');
    await new Promise((resolve) => process.stdin.once('data', resolve));
    process.stdout.write(lock.isOurs() ? 'ours' : 'lost');
  });
  process.exit();`;

test('when a holder needs long, then its lock stays fresh, and who waits hears once of whom', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'offprint-lock-')), 'lock');
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', HOLDER, file], {
    cwd: PACKAGE_ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
  await until('it is held', () => said === 'held');
  const longAgo = new Date(statSync(file).mtimeMs - 110_000); // ten seconds later it would be taken over
  utimesSync(file, longAgo, longAgo);
  const heard: string[] = [];
  const mine = withLockFile(
    file,
    () => Promise.resolve(said),
    (pid) => heard.push(pid),
  );
  await until('it is kept', () => statSync(file).mtimeMs > longAgo.getTime() + 100_000);
  await until('the wait is said', () => heard.length > 0);
  expect([said, heard]).toEqual(['held', [String(child.pid)]]);
  child.stdin.write('go\n');
  expect(await mine).toBe('heldours');
  await ended;
  expect(existsSync(file)).toBe(false);
});
