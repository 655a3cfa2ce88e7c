import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const CONNECTIONS = 4;
const MAILS = 300;
let smtp: TestSmtp;
const children = new Set<ChildProcess>();

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await smtp.close();
});

function startWorker(): ChildProcess {
  const settings = JSON.stringify({ LEASE_SECONDS: '1', SEND_CONNECTIONS: String(CONNECTIONS) });
  const script = join(PACKAGE_ROOT, 'test', 'support', 'worker-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, database.url, smtp.url, settings], {
    cwd: PACKAGE_ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}

it(
  'when a worker is killed five times in the middle of 300 mails, then nobody is missed, nobody has two, and the doubt is counted',
  { timeout: 400_000 },
  async () => {
    await planMany(database.db, MAILS);
    const kills = [25, 70, 130, 180, 240]; // mails received when the worker dies
    for (const at of kills) {
      const worker = startWorker();
      smtp.onMail = async () => {
        await new Promise((resolve) => setTimeout(resolve, 3)); // a receiver that takes its time
        if (smtp.mails.length >= at) worker.kill('SIGKILL');
      };
      const [code, signal] = (await once(worker, 'exit')) as [number | null, string | null];
      expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' });
    }
    smtp.onMail = null;
    const [code] = (await once(startWorker(), 'exit')) as [number | null];
    expect(code).toBe(0);

    const counts = await countByState(database.db);
    expect(counts.sent + counts.uncertain).toBe(MAILS);
    // It was killed between DATA and the record, or this test shows nothing.
    expect(counts.uncertain).toBeGreaterThan(0);
    expect(counts.uncertain).toBeLessThanOrEqual(CONNECTIONS * kills.length);
    const received = new Map<string, number>();
    for (const { to } of smtp.mails) received.set(to, (received.get(to) ?? 0) + 1);
    for (const row of await ledger(database.db)) {
      if (row.state === 'sent') expect([row.email, received.get(row.email)]).toEqual([row.email, 1]);
      else expect(received.get(row.email) ?? 0).toBeLessThanOrEqual(1);
    }
  },
);

it('when a worker is told to end, then it ends in time and leaves nothing claimed', { timeout: 200_000 }, async () => {
  await planMany(database.db, MAILS);
  const worker = startWorker();
  const enough = new Promise<void>((resolve) => {
    smtp.onMail = async () => {
      await new Promise((later) => setTimeout(later, 3)); // a receiver that takes its time
      if (smtp.mails.length >= 50) resolve();
    };
  });
  await enough;
  const told = performance.now();
  worker.kill('SIGTERM');
  await once(worker, 'exit');
  expect(performance.now() - told).toBeLessThan(10_000); // the promise itself
  expect(await countByState(database.db)).toMatchObject({ sending: 0, uncertain: 0, sent: smtp.mails.length });
});
