import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../src/config.ts';
import { freePort } from '../src/db/embedded/postmaster.ts';
import { countByState } from '../src/db/ledger/deliveries.ts';
import { startBalancer, type Balancer } from './support/balancer.ts';
import { testDatabase } from './support/database.ts';
import { startSmtp, type TestSmtp } from './support/smtp.ts';
import { until } from './support/until.ts';
import { planMany } from './world/mails.ts';

const MAILS = 20_000;
/** Browsers that ask for the front page again and again, each over a connection that is kept. */
const VISITORS = 4;
const PAUSE_MS = 10;

const database = testDatabase();
const children = new Set<ChildProcess>();
let smtp: TestSmtp;
let balancer: Balancer;

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await balancer.stop();
  await smtp.close();
});

function start(program: 'main.ts' | 'cli.ts', args: string[], settings: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', join('src', program), ...args], {
    cwd: PACKAGE_ROOT,
    env: {
      ...{ PATH: process.env['PATH'], HOME: process.env['HOME'], LOG_LEVEL: 'error' },
      ...{ DATABASE_URL: database.url, SMTP_URL: smtp.url, DATA_DIR: mkdtempSync(join(tmpdir(), 'offprint-roll-')) },
      ...{ SOURCES: `none=${mkdtempSync(join(tmpdir(), 'offprint-none-'))}`, SEND_CONNECTIONS: '4', ...settings },
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child.stdout?.resume();
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

async function startServe(): Promise<ChildProcess> {
  const port = await freePort();
  const child = start('main.ts', [], { PORT: String(port), PUBLIC_URL: 'http://localhost:3000' });
  balancer.add(port);
  await until('it is ready', () => balancer.ready().includes(port) || child.exitCode !== null, 180);
  return child;
}

const startWorker = () => start('cli.ts', ['worker'], { PUBLIC_URL: 'http://localhost:3000' });

/** Ends one as a deployment does, and tells how it ended. */
async function end(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = (await once(child, 'exit')) as [number | null];
  return code;
}

/** Asks for the front page until told to stop; returns what was answered how often. */
function visit(signal: AbortSignal): Promise<Map<string, number>> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const answers = new Map<string, number>();
  const ask = () =>
    new Promise<string>((resolve) => {
      const asked = request(`${balancer.base}/`, { agent }, (answer) => {
        answer.resume().on('end', () => resolve(String(answer.statusCode)));
        answer.on('error', (error) => resolve(error.message));
      });
      asked.on('error', (error) => resolve(error.message)).end();
    });
  return (async () => {
    while (!signal.aborted) {
      const answer = await ask();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      await sleep(PAUSE_MS);
    }
    agent.destroy();
    return answers;
  })();
}

test(`when two servers and two workers are replaced one by one in a run of ${MAILS}, then no request fails and everybody has one mail`, async () => {
  smtp = await startSmtp();
  balancer = await startBalancer();
  const servers = [await startServe(), await startServe()];
  await planMany(database.db, MAILS);
  const old = [...servers, startWorker(), startWorker()];
  const done = new AbortController();
  const visits = Array.from({ length: VISITORS }, () => visit(done.signal));
  await until('mails go out', () => smtp.mails.length > MAILS / 20, 120);

  const codes: (number | null)[] = [];
  for (const [n, child] of old.entries()) {
    if (n < 2) await startServe();
    else startWorker();
    codes.push(await end(child));
  }
  const during = smtp.mails.length;
  await until('the run is over', async () => (await countByState(database.db)).sent >= MAILS, 300);
  done.abort();
  const answers = (await Promise.all(visits)).map((each) => Object.fromEntries(each));
  const asked = answers.reduce((sum, each) => sum + (each['200'] ?? 0), 0);
  console.log(`${asked} requests, ${during} of ${MAILS} mails out when the last was replaced`);

  expect(codes).toEqual([0, 0, 0, 0]);
  for (const each of answers) expect(Object.keys(each)).toEqual(['200']);
  expect(await countByState(database.db)).toMatchObject({ sent: MAILS, uncertain: 0, sending: 0 });
  expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(MAILS);
  expect(smtp.mails).toHaveLength(MAILS);
}, 600_000);
