import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { seed } from '../../bench/send/seed.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp } from '../support/smtp.ts';

const database = testDatabase();
const READERS = 300;
const NOW = '2026-01-05T08:05:00Z';
const children = new Set<ChildProcess>();

afterEach(() => children.forEach((child) => child.kill('SIGKILL')));

interface Hand {
  /** Resolves once it waits for the start. */
  ready: Promise<void>;
  start: () => void;
  /** Tells a worker that no planner is left. */
  finish: () => void;
  /** Newsletters planned, or mails sent. */
  done: Promise<number>;
}

function hire(role: 'plan' | 'work', smtpUrl: string): Hand {
  const script = join(PACKAGE_ROOT, 'test', 'support', 'planner-process.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, role, database.url, smtpUrl, NOW], {
    cwd: PACKAGE_ROOT,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  children.add(child);
  let said = '';
  let heard: () => void = () => {};
  const ready = new Promise<void>((resolve) => (heard = resolve));
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    heard();
  });
  const done = new Promise<number>((resolve, reject) => {
    child.once('close', (code) =>
      code === 0 ? resolve(Number(said.trim().split('\n').at(-1))) : reject(new Error(`${role} ended with ${code}`)),
    );
  });
  return { ready, start: () => child.stdin.write('go\n'), finish: () => child.stdin.end(), done };
}

it('when two planners and three workers, five processes, start at once on the same edition, then there is one delivery and one mail a reader', async () => {
  await seed(database.pool, READERS);
  await database.pool.query("CALL empty_tables('newsletters, editions')");
  await database.pool.query("UPDATE subscribers SET next_due_at = '2026-01-05 08:00Z', confirmed_at = '2026-01-01'");
  const smtp = await startSmtp();
  const planners = [hire('plan', smtp.url), hire('plan', smtp.url)];
  const workers = [hire('work', smtp.url), hire('work', smtp.url), hire('work', smtp.url)];
  const all = [...planners, ...workers];
  await Promise.all(all.map(({ ready }) => ready));
  for (const { start } of all) start();
  const planned = await Promise.all(planners.map(({ done }) => done));
  for (const { finish } of workers) finish();
  const sent = await Promise.all(workers.map(({ done }) => done));

  const sum = (counts: number[]) => counts.reduce((one, other) => one + other, 0);
  expect([sum(planned), sum(sent)]).toEqual([READERS, READERS]);
  const rows = await database.db.$queryRaw<{ count: number; distinct: number }[]>`
    SELECT count(*)::int AS count, count(DISTINCT subscriber_id)::int AS distinct FROM deliveries WHERE key = 'daily:2026-01-05'`;
  expect(rows[0]).toEqual({ count: READERS, distinct: READERS });
  expect(await countByState(database.db)).toMatchObject({ sent: READERS, planned: 0, sending: 0, uncertain: 0 });
  expect(smtp.mails).toHaveLength(READERS);
  const inLedger = await database.db.delivery.findMany({ select: { email: true, messageId: true } });
  expect(smtp.mails.map(({ to, messageId }) => `${to} ${messageId}`).sort()).toEqual(
    inLedger.map(({ email, messageId }) => `${email} ${messageId}`).sort(),
  );
  await smtp.close();
}, 500_000);
