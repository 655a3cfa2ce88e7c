import { expect, test } from 'vitest';
import { loadHealthNotes } from '../../src/db/digests/verdict-notes.ts';
import { loadInterestTrends } from '../../src/db/interests/trends.ts';
import { asDate } from '../../src/lib/time.ts';
import { makeDigest, makeMatches } from '../world/digests.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

test('when lists matched an interest, then each day is counted from when it is known, and what arrived later is not', async () => {
  const { db } = database;
  const early = await makeDigest(
    db,
    '2026-01-02',
    ['Tides', 'Tidal mills', 'Bridges'],
    new Date('2026-01-02T06:00:00Z'),
  );
  const late = await makeDigest(db, '2026-01-04', ['Tides again'], new Date('2026-01-09T06:00:00Z'));
  const id = await makeMatches(db, 'tides', [...early.slice(0, 2), ...late]);
  const trend = (await loadInterestTrends(db, [id], '2026-01-06')).get(id);
  // The interest was made on 1 January; the fourteen days before it are known too.
  expect(trend?.from).toBe('2025-12-18');
  expect(trend?.days).toHaveLength(19);
  expect(trend?.days.map((papers, day) => [day, papers]).filter(([, papers]) => papers)).toEqual([[15, 2]]);
});

test('when a held list was released, then its days have a note; fresh ones have none', async () => {
  const { db } = database;
  await db.digest.updateMany({
    where: { digestOn: asDate('2026-01-02') },
    data: { state: 'released', verdict: 'partial' },
  });
  expect([...(await loadHealthNotes(db, ['2026-01-02', '2026-01-04'])).entries()]).toEqual([
    ['made 2026-01-02', { digestOn: '2026-01-02', verdict: 'partial' }],
  ]);
});
