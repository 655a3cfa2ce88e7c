import { expect, test } from 'vitest';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
const NOW = new Date('2026-01-05T12:00:00Z');

test('when digests are listed, released and discarded, then each is told as one object, and what cannot be is refused', async () => {
  for (const [day, source] of [
    ['2026-01-02', 'hf'],
    ['2026-01-03', 'hf'],
    ['2026-01-03', 'lab'],
  ] as const)
    await makeDigest(database.db, day, ['Kelp'], NOW, { source });
  await database.db.digest.updateMany({
    where: { source: 'hf' },
    data: { state: 'held', verdict: 'partial', reasons: ['cut'] },
  });
  const run = (...args: string[]) => runCli(['digests', ...args], { url: database.url });
  const listed = await run('list', '--source', 'hf', '--state', 'held', '--json');
  expect(
    listed.json().map(({ source, digestOn, state, verdict, reasons, entries }) => ({
      source,
      digestOn,
      state,
      verdict,
      reasons,
      entries,
    })),
  ).toEqual(
    ['2026-01-03', '2026-01-02'].map((digestOn) => ({
      source: 'hf',
      digestOn,
      state: 'held',
      verdict: 'partial',
      reasons: ['cut'],
      entries: 1,
    })),
  );
  const first = listed.json()[0]?.['id'] as number;
  expect((await run('release', 'hf:2026-01-03', '--json')).json()).toEqual([{ id: first, outcome: 'released' }]);
  expect((await run('discard', String(first), '--yes')).stdout).toContain('is discarded');
  const again = await run('release', 'hf:2026-01-03');
  expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('not held')]);
  expect((await run('release', 'nowhere:2026-01-03')).code).toBe(2);
});
