import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { cliPlace } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { makeEdition } from '../world/mails.ts';
import { makeReader, JOINED } from '../world/readers.ts';
import { commandBlocks } from './command-blocks.ts';

/** What the pages name: a reader, two editions, a mailbox of bounces; and the service that they call. */
const database = testDatabase();
let folder: string;
let server: TestWeb;

const BOUNCE =
  'From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered\n\n<ada@example.org>: 550 5.1.1 User unknown\n';

beforeAll(async () => {
  const ctx = await testContext(database);
  server = await startWeb(ctx);
  await makeReader(ctx.db, JOINED, { email: 'ada@example.org', wishes: ['language models'] });
  const [paper] = await makeDigest(ctx.db, '2026-01-05', ['Kelp forests and language models'], JOINED);
  await ctx.db.paperIdentity.create({ data: { kind: 'arxiv', value: '2601.00042', paperId: paper?.paperId ?? 0 } });
  for (const edition of ['daily:2025-12-31', 'daily:2026-01-05']) await makeEdition(ctx.db, edition);
  folder = mkdtempSync(join(tmpdir(), 'offprint-docs-'));
  symlinkSync(join(PACKAGE_ROOT, 'seeds'), join(folder, 'seeds'));
  for (const part of ['new', 'cur', 'tmp']) mkdirSync(join(folder, 'Maildir', part), { recursive: true });
  writeFileSync(join(folder, 'Maildir', 'new', '1.example'), BOUNCE);
  writeFileSync(join(folder, 'bounces.mbox'), `From MAILER-DAEMON Mon Jan  5 12:00:00 2026\n${BOUNCE}`);
  writeFileSync(join(folder, 'mail.eml'), BOUNCE);
  mkdirSync(join(folder, 'bin'));
  const cli = join(PACKAGE_ROOT, 'dist', 'cli.js');
  writeFileSync(join(folder, 'bin', 'npx'), `#!/bin/sh\nshift\nexec '${process.execPath}' '${cli}' "$@"\n`);
  chmodSync(join(folder, 'bin', 'npx'), 0o755);
});
afterAll(() => server.close());

const toRun = commandBlocks().filter(({ kind }) => kind === 'sh');

/** Runs a block as it stands, in order, until something fails. */
function run(text: string): Promise<{ failed: boolean; said: string }> {
  const { env } = cliPlace(database.url, { DATA_DIR: join(folder, 'data'), ALLOW_PRIVATE_WEBHOOKS: 'yes' });
  const path = `${join(folder, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`;
  const script = text.replaceAll('http://localhost:3000', server.base);
  return new Promise((resolve) => {
    execFile(
      'bash',
      ['--norc', '-euo', 'pipefail', '-c', script],
      { cwd: folder, env: { ...env, PATH: path }, timeout: 120_000 },
      (error, stdout, stderr) => resolve({ failed: error !== null, said: `${stdout}\n${stderr}` }),
    );
  });
}

/** Not every machine has it, and nothing of ours needs it. */
const hasCurl = (process.env['PATH'] ?? '').split(delimiter).some((part) => existsSync(join(part, 'curl')));

test.for(toRun)(
  'when the commands at $page:$line are typed, then each does what it says',
  { timeout: 200_000 },
  async ({ text }, { skip }) => {
    if (text.includes('curl ') && !hasCurl) return skip('there is no curl on this machine');
    const { failed, said } = await run(text);
    expect(failed, said).toBe(false);
  },
);

test('when a command on a page failed, then that would be told', async () => {
  expect(await run('npx offprint keys rotate --retire 4711')).toMatchObject({ failed: true });
  expect(toRun.length).toBeGreaterThan(8);
});
