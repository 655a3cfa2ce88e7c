import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import PostalMime, { type Email } from 'postal-mime';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../src/config.ts';
import { freePort } from '../src/db/embedded/postmaster.ts';
import { until } from './support/until.ts';

/**
 * What a newcomer does: start with nothing set up, sign up, confirm, read. The real program, its own embedded database,
 * no faked time.
 */
describe('npm start on an empty folder', () => {
  let dir: string;
  let base: string;
  let child: ChildProcess;
  let said = '';

  beforeAll(async () => {
    dir = mkdtempSync(join(tmpdir(), 'offprint-start-'));
    chmodSync(dir, 0o755);
    const port = await freePort();
    base = `http://localhost:${port}`;
    child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
      cwd: PACKAGE_ROOT,
      env: {
        PATH: process.env['PATH'],
        HOME: process.env['HOME'],
        PORT: String(port),
        DATA_DIR: join(dir, 'data'),
        LOG_LEVEL: 'warn',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await until('it listens', () => said.includes("Today's newsletter") || child.exitCode !== null);
  });

  afterAll(() => {
    child.kill('SIGKILL');
    rmSync(dir, { recursive: true, force: true, maxRetries: 12, retryDelay: 100 }); // the database may still be writing
  });

  test('when it has started, then three lines say where to sign up, where mails appear and how to see a newsletter', () => {
    expect(said).toContain(`Sign up:             ${base}/`);
    expect(said).toContain(`${base}/outbox`);
    expect(said).toMatch(/npx offprint preview/);
  });

  test('when a newcomer signs up and confirms, then a real newsletter lies in the outbox', async () => {
    const form = new URLSearchParams({ email: 'newcomer@example.org', interests: 'language models\nrobot learning' });
    expect((await fetch(`${base}/subscribe`, { method: 'POST', body: form })).status).toBe(202);
    const confirmation = await mailNumber(1);
    const confirmUrl = /http:\/\/localhost:\d+\/confirm\/[\w.-]+/.exec(confirmation.text ?? '')?.[0] ?? '';
    expect((await fetch(confirmUrl, { method: 'POST', body: new URLSearchParams({}) })).status).toBe(200);
    const newsletter = await mailNumber(2);
    expect(newsletter.to?.[0]?.address).toBe('newcomer@example.org');
    expect(newsletter.html).toMatch(/language model|robot/i);
    const outbox = await fetch(`${base}/outbox`);
    expect(outbox.status).toBe(200);
    expect(await outbox.text()).toContain('newcomer@example.org');
  });

  test('when it is told to end, then it serves on while it says so, ends in order and takes its database with it', async () => {
    expect(await get('/readyz')).toMatchObject({ status: 200 });
    child.kill('SIGTERM');
    await until('it says so', async () => (await get('/readyz')).status === 503);
    expect((await get('/readyz')).text).toContain('is ending');
    expect(await get('/')).toMatchObject({ status: 200, connection: 'close' });
    await until('it ends', () => child.exitCode !== null);
    expect(child.exitCode).toBe(0);
    expect(existsSync(join(dir, 'data', 'postgres', 'postmaster.pid'))).toBe(false);
    expect(said).not.toMatch(/"level":"(error|fatal)"/);
  });

  /** Reads all of an answer: undici throws outside of any test when a server goes while a body waits to be read. */
  async function get(path: string): Promise<{ status: number; connection: string | null; text: string }> {
    const answer = await fetch(base + path);
    return { status: answer.status, connection: answer.headers.get('connection'), text: await answer.text() };
  }

  async function mailNumber(number: number): Promise<Email> {
    const outbox = join(dir, 'data', 'outbox');
    const mails = () =>
      existsSync(outbox)
        ? readdirSync(outbox)
            .filter((name) => name.endsWith('.eml'))
            .sort()
        : [];
    await until(`mail ${number} is there`, () => mails().length >= number);
    return PostalMime.parse(readFileSync(join(outbox, mails()[number - 1] ?? '')));
  }
});
