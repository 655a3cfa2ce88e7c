import { expect, test } from 'vitest';
import { storeEntries } from '../../src/db/digests/entries.ts';
import { loadRises } from '../../src/db/digests/rises.ts';
import type { ParsedEntry } from '../../src/model/digest.ts';
import { type MadePaper, makeDigest } from '../world/digests.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();

/** Takes a capture of a paper's list in, with this number of upvotes. */
async function capture({ paperId, entryId }: MadePaper, upvotes: number | null): Promise<void> {
  const { digestId } = await database.db.entry.findUniqueOrThrow({ where: { id: entryId } });
  const entry: ParsedEntry = {
    position: 1,
    title: 'Tides',
    abstract: '',
    authors: [],
    authorCount: null,
    organization: null,
    publishedOn: null,
    upvotes,
    comments: null,
    arxivId: null,
    doi: null,
    url: null,
    codeUrl: null,
    discussionUrl: null,
  };
  await storeEntries(database.db, digestId, [{ paperId, entry }]);
}

test('when a list is captured again, or a paper comes back on a later one, then it rose from the first number to the newest', async () => {
  const { db } = database;
  const day = (digestOn: string, titles: string[]) =>
    makeDigest(db, digestOn, titles, new Date(`${digestOn}T06:00:00Z`));
  const [again, once, falling] = await day('2026-01-02', ['Captured again', 'Seen once', 'Falling']);
  const [first] = await day('2026-01-03', ['On two lists']);
  const [later] = await day('2026-01-05', ['On two lists, later']);
  const [old] = await day('2025-12-20', ['Too long ago']);
  for (const [paper, ...numbers] of [
    [again, 5, 12, null, 40],
    [once, 300],
    [falling, 9, 7],
    [first, 20],
    [later, 90],
    [old, 1, 500],
  ] as const) {
    for (const upvotes of numbers) await capture(paper!, upvotes);
  }
  await db.paper.update({ where: { id: first!.paperId }, data: { mergedIntoId: later!.paperId } });
  const rises = await loadRises(db, { from: '2025-12-29', to: '2026-01-05' });
  expect(rises).toEqual(
    new Map([
      [again!.paperId, 35],
      [later!.paperId, 70],
    ]),
  );
  await db.digest.updateMany({ data: { state: 'held' } });
  expect(await loadRises(db, { from: '2025-12-29', to: '2026-01-05' })).toEqual(new Map());
});
