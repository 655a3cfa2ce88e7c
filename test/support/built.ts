import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { withLockFile } from '../../src/db/embedded/lock-file.ts';

const [SRC, DIST] = [join(PACKAGE_ROOT, 'src'), join(PACKAGE_ROOT, 'dist')];
/** The compiler's own account of the last build: as old as that. */
const ACCOUNT = join(DIST, '.tsbuildinfo');

/**
 * Builds the program anew where a source is younger than the last build, so that tests call it as it is installed:
 * compiled, a command starts in less than half the time. Types are for `npm run types` to judge; throws where nothing
 * could be built.
 */
export async function buildProgram(): Promise<void> {
  mkdirSync(DIST, { recursive: true });
  await withLockFile(join(DIST, '.building'), async () => {
    const startedAt = new Date();
    if (writtenMs(ACCOUNT) > youngestMs(SRC)) return;
    const child = spawn('npm', ['run', '-s', 'compile'], { cwd: PACKAGE_ROOT, stdio: 'ignore' });
    await new Promise((resolve) => child.once('close', resolve));
    utimesSync(ACCOUNT, startedAt, startedAt); // it stays as it is where no source differs
  });
}

function youngestMs(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  return Math.max(...files.map((name) => writtenMs(join(folder, name))));
}

function writtenMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
