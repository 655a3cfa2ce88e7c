import { expect, it } from 'vitest';
import { reckon } from '../../bench/chaos/reckon.ts';
import { runChaos, type ChaosPlan } from '../../bench/chaos/run-chaos.ts';
import { testDatabase } from '../support/database.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();

it(
  'when two workers are killed six times and cut off once on 2,000 mails, then the ledger agrees with the receiver',
  { timeout: 600_000 }, // a loaded machine starts a worker in half a minute; on a quiet one it takes twenty seconds,
  async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
    process.stderr.write(`chaos seed ${seed} (CHAOS_SEED=${seed} replays it)\n`);
    await planMany(database.db, 2_000);
    const plan: ChaosPlan = {
      seed,
      url: database.url,
      workers: 2,
      connections: 4,
      kills: 6,
      cuts: 1,
      mails: 2_000,
    };
    const run = await runChaos(plan);
    try {
      const result = await reckon(database.db, plan, run);
      expect(result.problems).toEqual([]);
      expect(run.kills).toBeGreaterThan(0);
      expect(result.counts.sent).toBeGreaterThan(1_600);
      expect(result.counts.bounced).toBeGreaterThan(50);
      expect(result.counts.sent + result.counts.bounced + result.counts.uncertain + result.counts.failed).toBe(2_000);
    } finally {
      await run.close();
    }
  },
);
