import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterEach, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../src/config.ts';
import { freePort } from '../src/db/embedded/postmaster.ts';
import { testDatabase } from './support/database.ts';
import { hasBouncer, startBouncer, type Bouncer } from './support/pgbouncer.ts';
import { until } from './support/until.ts';

const database = testDatabase();
const folder = mkdtempSync(join(tmpdir(), 'offprint-pooled-'));
let bouncer: Bouncer;
let child: ChildProcess;
afterEach(async () => {
  child.kill('SIGKILL');
  await bouncer.stop();
});

/** Starts the real program behind the pooler, and returns once it is ready. */
async function start(port: number): Promise<void> {
  child = spawn(process.execPath, [join('dist', 'main.js')], {
    cwd: PACKAGE_ROOT,
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'warn' },
      ...{ DATABASE_URL: bouncer.url, DATA_DIR: folder, PORT: String(port) },
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ready = () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status === 200,
      () => false,
    );
  await until('it is ready', async () => child.exitCode !== null || (await ready()), 180);
  expect(child.exitCode).toBeNull();
}

function mails(): string[] {
  const outbox = join(folder, 'outbox');
  return existsSync(outbox) ? readdirSync(outbox).filter((name) => name.endsWith('.eml')) : [];
}

test.runIf(hasBouncer())(
  'when the program is killed six times behind a pooler, then it starts again, takes lists in, plans and sends',
  { timeout: 900_000 },
  async () => {
    const port = await freePort();
    bouncer = await startBouncer(database.url);
    for (let kill = 0; kill < 6; kill++) {
      await start(port);
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await start(port);
    const base = `http://localhost:${port}`;
    const form = new URLSearchParams({ email: 'newcomer@example.org', interests: 'language models\nrobot learning' });
    expect((await fetch(`${base}/subscribe`, { method: 'POST', body: form })).status).toBe(202);
    await until('the question is there', () => mails().length === 1, 120);
    const { text = '' } = await PostalMime.parse(readFileSync(join(folder, 'outbox', mails()[0] ?? '')));
    const link = /http:\/\/localhost:\d+\/confirm\/[\w.-]+/.exec(text)?.[0] ?? '';
    expect((await fetch(link, { method: 'POST', body: new URLSearchParams({}) })).status).toBe(200);
    await until('the newsletter is there', () => mails().length === 2, 180);
    expect(await database.db.delivery.count({ where: { kind: 'newsletter', state: 'sent' } })).toBe(1);
  },
);
