import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** What a run of the real program said, and how it ended. */
export interface CliRun {
  code: number | null;
  stdout: string;
  stderr: string;
  /** Each line of stdout as JSON. */
  json: () => Record<string, unknown>[];
}

/** Where a terminal can be had for a child: `script` of util-linux. */
export const SCRIPT = ['/usr/bin/script', '/bin/script'].find((path) => existsSync(path));

/** Where `dist/cli.js` runs in tests: its folder and environment. */
export function cliPlace(url: string, settings: Record<string, string> = {}) {
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    TERM: 'xterm',
    DATABASE_URL: url,
    DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-cli-')),
    SOURCES: `nothing=${mkdtempSync(join(tmpdir(), 'offprint-source-'))}`,
    LOG_LEVEL: 'error',
    ...settings,
  };
  return { cwd: PACKAGE_ROOT, env };
}

/**
 * Runs `offprint …`, as the global setup built it, in a process of its own on this database. With `terminal` it has
 * one, on which `types` is typed once it asks a question; all it says is in stdout then. With `deaf` nobody reads what
 * it says.
 */
export async function runCli(
  args: string[],
  {
    url,
    settings = {},
    terminal = false,
    types = '',
    deaf = false,
  }: { url: string; settings?: Record<string, string>; terminal?: boolean; types?: string; deaf?: boolean },
): Promise<CliRun> {
  const command = [process.execPath, '--enable-source-maps', 'dist/cli.js', ...args];
  const quoted = command.map((part) => `'${part}'`).join(' ');
  const [program = '', ...rest] = terminal ? [SCRIPT ?? 'script', '-qefc', quoted, '/dev/null'] : command;
  const child = spawn(program, rest, { ...cliPlace(url, settings), stdio: ['pipe', 'pipe', 'pipe'] });
  if (deaf) for (const pipe of [child.stdout, child.stderr]) pipe.destroy();
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    const asked = stdout.includes('[y/N]');
    stdout += chunk.toString();
    if (!asked && stdout.includes('[y/N]')) child.stdin.write(types);
  });
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  const json = () =>
    stdout
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, stdout, stderr, json };
}
