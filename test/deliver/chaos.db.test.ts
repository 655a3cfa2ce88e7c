import { expect, it } from 'vitest';
import { reckon } from '../../bench/chaos/reckon.ts';
import { runChaos, type ChaosPlan } from '../../bench/chaos/run-chaos.ts';
import { testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const MAILS = often(2_000, 1_000);

it(
  'when two workers are killed some times and cut off once in a run, then the ledger agrees with the receiver',
  { timeout: 600_000 }, // a loaded machine starts a worker in half a minute; on a quiet one it takes twenty seconds,
  async () => {
    const seed = Number(process.env['CHAOS_SEED'] ?? Date.now() % 1_000_000);
    process.stderr.write(`chaos seed ${seed} (CHAOS_SEED=${seed} replays it)\n`);
    await planMany(database.db, MAILS);
    const plan: ChaosPlan = {
      seed,
      url: database.url,
      workers: 2,
      connections: 4,
      kills: often(6, 3),
      cuts: 1,
      mails: MAILS,
    };
    const run = await runChaos(plan);
    try {
      const result = await reckon(database.db, plan, run);
      expect(result.problems).toEqual([]);
      expect(run.kills).toBeGreaterThan(0);
      expect(result.counts.sent).toBeGreaterThan(0.8 * MAILS);
      expect(result.counts.bounced).toBeGreaterThan(0.025 * MAILS);
      expect(result.counts.sent + result.counts.bounced + result.counts.uncertain + result.counts.failed).toBe(MAILS);
    } finally {
      await run.close();
    }
  },
);
