import { mkdtempSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { releaseDigest } from '../../src/db/digests/arrivals.ts';
import { loadDigest } from '../../src/db/digests/digests.ts';
import { runIngest } from '../../src/ingest/run-ingest.ts';
import { addDays, weekdayOf } from '../../src/lib/time.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { page } from '../world/captures.ts';

const database = testDatabase();
const USUAL = 41;

/** Opens a source with 41 papers on each weekday of three weeks up to 25 November, a Wednesday. */
async function steadySource(name: string) {
  const folder = mkdtempSync(join(tmpdir(), `offprint-${name}-`));
  const ctx = await testContext(database, { SOURCES: `${name}=${folder}` });
  let files = 0;
  /** Puts a capture of a list that holds the first papers of its day, or of another, to be read at an instant. */
  const read = async (day: string, count: number, at: string, of = day) => {
    ctx.setNow(at);
    const path = join(folder, `${++files}-${day}.txt`);
    const papers = Array.from({ length: count }, (_, index) => ({ title: `${name}, ${of}: paper ${index + 1}` }));
    writeFileSync(path, page(printed(day), papers));
    utimesSync(path, new Date('2026-11-01T00:00:00Z'), new Date('2026-11-01T00:00:00Z'));
    return runIngest(ctx);
  };
  for (let day = '2026-11-05'; day <= '2026-11-25'; day = addDays(day, 1))
    if (weekdayOf(day) < 6) await read(day, USUAL, `${day}T20:00:00Z`);
  const digestOf = async (day: string) => (await loadDigest(database.db, day)).find(({ source }) => source === name);
  return { read, digestOf };
}

function printed(day: string): string {
  return new Date(`${day}T00:00:00Z`).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });
}

describe('a later capture of a day', () => {
  it('when a list of a later day has come meanwhile, then its papers enter all the same', async () => {
    const { read, digestOf } = await steadySource('later');
    expect(await read('2026-11-26', 20, '2026-11-26T20:00:00Z')).toMatchObject({ digests: 1, held: 0, papers: 20 });
    await read('2026-11-27', USUAL, '2026-11-27T20:00:00Z');
    expect(await read('2026-11-26', 40, '2026-11-27T21:00:00Z')).toMatchObject({ refreshed: 1, held: 0, papers: 20 });
    expect(await digestOf('2026-11-26')).toMatchObject({ state: 'accepted', verdict: 'fresh', entryCount: 40 });
  });

  it('when the day was released, then they enter as well; a day that nobody used stays held', async () => {
    const { read, digestOf } = await steadySource('freed');
    await read('2026-11-26', USUAL, '2026-11-26T20:00:00Z');
    expect(await read('2026-11-24', 3, '2026-11-26T21:00:00Z')).toMatchObject({ refreshed: 0, papers: 0 });
    expect(await read('2026-11-15', 20, '2026-11-26T21:00:00Z')).toMatchObject({ digests: 1, held: 1 });
    expect(await read('2026-11-15', 25, '2026-11-26T22:00:00Z')).toMatchObject({ refreshed: 1, held: 1 });
    const held = await digestOf('2026-11-15');
    expect(held).toMatchObject({ state: 'held', verdict: 'stale', entryCount: 25 });
    await releaseDigest(database.db, held!.id, new Date('2026-11-26T22:30:00Z'));
    expect(await read('2026-11-15', 30, '2026-11-26T23:00:00Z')).toMatchObject({ refreshed: 1, held: 0, papers: 5 });
    expect(await digestOf('2026-11-15')).toMatchObject({ state: 'released', verdict: 'fresh', entryCount: 30 });
  });

  it('when the day was used while it filled, then a list that stays short adds what it has, and is told of', async () => {
    const { read, digestOf } = await steadySource('filling');
    expect(await read('2026-11-26', 4, '2026-11-26T06:00:00Z')).toMatchObject({ digests: 1, held: 0, papers: 4 });
    expect(await digestOf('2026-11-26')).toMatchObject({ state: 'accepted', verdict: 'fresh', kind: 'filling' });
    expect(await read('2026-11-26', 12, '2026-11-27T00:10:00Z')).toMatchObject({ refreshed: 1, papers: 8 });
    expect(await digestOf('2026-11-26')).toMatchObject({ state: 'accepted', kind: 'short', entryCount: 12 });
    expect(await read('2026-11-26', 13, '2026-11-27T00:40:00Z')).toMatchObject({ refreshed: 1, papers: 1 });
    expect(await read('2026-11-26', USUAL, '2026-11-27T01:00:00Z')).toMatchObject({ refreshed: 1, papers: 28 });
    expect(await digestOf('2026-11-26')).toMatchObject({ state: 'accepted', verdict: 'fresh', kind: null });
    expect(await read('2026-11-26', 11, '2026-11-27T01:30:00Z')).toMatchObject({ refreshed: 0, papers: 0 });
    expect(await digestOf('2026-11-26')).toMatchObject({ verdict: 'fresh', entryCount: USUAL });
  });

  it('when it is cut, or the list of another day again, then it is kept, whatever filled before', async () => {
    const { read, digestOf } = await steadySource('cut');
    await read('2026-11-26', 18, '2026-11-26T06:00:00Z');
    const before = await digestOf('2026-11-26');
    expect(before).toMatchObject({ kind: 'filling', entryCount: 18 });
    expect(await read('2026-11-26', 5, '2026-11-27T00:10:00Z')).toMatchObject({ refreshed: 0, papers: 0 });
    expect(await read('2026-11-26', 20, '2026-11-26T07:00:00Z', '2026-11-25')).toMatchObject({
      refreshed: 0,
      papers: 0,
    });
    expect(await digestOf('2026-11-26')).toEqual(before);
  });
});
