import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SCRIPT, runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { planAll, seed } from '../../bench/send/seed.ts';

const database = testDatabase();
let smtp: TestSmtp;

beforeEach(async () => {
  await seed(database.pool, 40);
  await planAll(database.pool);
  smtp = await startSmtp();
});
afterEach(() => smtp.close());

const NOW = ['--now', '2026-01-05T09:00:00Z'];
const slowly = () => ({
  url: database.url,
  settings: { SMTP_URL: smtp.url, SEND_RATE_PER_SECOND: '10' }, // four seconds
});

describe('offprint run', () => {
  it('when a run takes a while and is asked for JSON, then it tells each second how far it is, and the counts last', async () => {
    const { code, stderr, json } = await runCli(['run', 'deliver', ...NOW, '--json'], slowly());
    expect([code, stderr]).toEqual([0, '']);
    const lines = json();
    expect(lines.pop()).toMatchObject({ job: 'deliver', dryRun: false, sent: 40, failed: 0 });
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(40); // not one a mail
    const dones = lines.map((line) => {
      expect(Object.keys(line)).toEqual(['progress', 'done', 'total', 'perSecond', 'secondsLeft']);
      expect(line).toMatchObject({ progress: 'deliver', total: 40 });
      expect(line['perSecond']).toBeGreaterThan(0);
      return Number(line['done']);
    });
    expect(dones).toEqual([...dones].sort((a, b) => a - b));
    expect(dones.at(-1)).toBeLessThanOrEqual(40);
  }, 120_000);

  it('when whoever reads along stops, then the run goes on to its end, and the code says how it went', async () => {
    const run = await runCli(['run', 'deliver', ...NOW, '--json'], { ...slowly(), deaf: true });
    expect([run.code, await database.db.delivery.count({ where: { state: 'sent' } })]).toEqual([0, 40]);
    const ill = await runCli(['ingest', '/nowhere/a.txt', '/nowhere/b.txt', '--json'], {
      url: database.url,
      deaf: true,
    });
    expect(ill.code).toBe(2);
  }, 120_000);

  it.each([[['subscribers', 'list']], [['status', '--watch']]])(
    'when nobody reads what %j only shows, then it ends well',
    async (args) => {
      expect((await runCli(args, { url: database.url, deaf: true })).code).toBe(0);
    },
    120_000,
  );

  it.skipIf(!SCRIPT)(
    'when it runs on a terminal, then a bar shows how far it is, how fast, and what is left',
    async () => {
      const { code, stdout } = await runCli(['run', 'deliver', ...NOW], { ...slowly(), terminal: true });
      expect(code).toBe(0);
      expect(stdout).toMatch(/deliver \[.*\] +\d+\/40 · +[\d.]+\/s · +\d+ s left/);
      expect(stdout).toMatch(/deliver: sent 40/);
    },
    120_000,
  );

  it('when it runs without a terminal, then nothing but the counts is said', async () => {
    const { code, stdout, stderr } = await runCli(['run', 'deliver', ...NOW], {
      url: database.url,
      settings: { SMTP_URL: smtp.url },
    });
    expect([code, stdout, stderr]).toEqual([0, 'deliver: sent 40\n', '']);
  }, 120_000);

  it('when it is dry, then plan and deliver are foreseen, and of the others it is said that they are not', async () => {
    const jobs = ['run', 'ingest', 'plan', 'deliver', ...NOW, '--dry-run'];
    const { code, stdout } = await runCli(jobs, { url: database.url });
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(
        /^ingest: not foreseen: only plan and deliver are\nplan: would: .*\ndeliver: would: claimable 40\n$/,
      ),
    ]);
    const told = (await runCli([...jobs, '--json'], { url: database.url })).json();
    expect(told[0]).toEqual({ job: 'ingest', dryRun: true, foreseen: false });
    expect(told[2]).toEqual({ job: 'deliver', dryRun: true, claimable: 40 });
  }, 120_000);

  it('when a new sender is warmed up, then it says how many newsletters wait for that', async () => {
    const { stdout } = await runCli(['run', 'deliver', ...NOW], {
      url: database.url,
      settings: { SMTP_URL: smtp.url, WARM_UP: '15,30' },
    });
    expect(stdout).toMatch(/sent 15, .*waits for warm-up \(15 mails on day 1\) 25\n/);
  }, 120_000);
});
