import { beforeAll, describe, expect, it } from 'vitest';
import { searchPapers } from '../../src/db/digests/paper-search.ts';
import { eachPage } from '../../src/lib/cursor.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';

const database = testDatabase();
const AT = new Date('2026-01-05T12:00:00Z');
const FILLER = 'it was measured with care on several sets of data, as others did before, and then once more. ';

/** Titles by day; a text behind `|` is the abstract. */
const LISTS: Record<string, string[]> = {
  '2026-01-01': [
    'Sparse Attention for Long Documents | Something else altogether.',
    'Long Reads | A study of sparse attention in readers.',
    'Attention and Other Sparse Things | Nothing more.',
    `Reading Habits | Some attention is needed. ${FILLER.repeat(4)} Data are sparse.`,
    'Über-Modelle | Ein Überblick.',
    'RAG without Regret | Retrieval it is.',
    'Fragments of Storage | Leverage nothing.',
  ],
  '2026-01-03': [
    'Newer Reads | A study of attention that is, in a way, sparse.',
    `Newest Habits | Sparse data. ${FILLER.repeat(4)} Attention is needed.`,
    'Hypersparse Inattention | Nothing.',
    'ÜBER ALLES | Groß geschrieben.',
    'Answers | With RAG, and state-space models.',
  ],
};

beforeAll(async () => {
  for (const [day, papers] of Object.entries(LISTS)) {
    const made = await makeDigest(
      database.db,
      day,
      papers.map((paper) => paper.split(' | ')[0] ?? ''),
      AT,
    );
    for (const [at, { entryId }] of made.entries())
      await database.db.entry.update({ where: { id: entryId }, data: { abstract: papers[at]?.split(' | ')[1] ?? '' } });
  }
});

async function titles(query: string, limit = 50): Promise<string[]> {
  const found: string[] = [];
  for await (const rows of eachPage((wish) => searchPapers(database.db, query, wish), { limit }))
    found.push(...rows.map(({ title }) => title));
  return found;
}

const ORDER = [
  'Sparse Attention for Long Documents', // both in the title, side by side
  'Attention and Other Sparse Things', // both in the title
  'Long Reads', // side by side in the abstract
  'Newer Reads', // in one clause
  'Newest Habits', // far apart, the newer first
  'Reading Habits',
  'Hypersparse Inattention', // inside of other words
];

describe('the search of the archive', () => {
  it('when two words are looked for, then titles come first, then what has them near each other, then the newest', async () => {
    expect(await titles('sparse attention')).toEqual(ORDER);
    expect(new Set(await titles('Attention SPARSE'))).toEqual(new Set(ORDER));
  });

  it('when it is paged through by any number, then the order is the same, nothing is lost and the total is true', async () => {
    for (const limit of [1, 2, 3, 6, 7]) {
      expect([limit, await titles('sparse attention', limit)]).toEqual([limit, ORDER]);
    }
    for (let cursor: string | null = null; ;) {
      const page: Awaited<ReturnType<typeof searchPapers>> = await searchPapers(database.db, 'sparse attention', {
        limit: 2,
        cursor,
      });
      expect(page.total).toBe(ORDER.length);
      cursor = page.next;
      if (cursor === null) break;
    }
  });

  it('when papers come in between two pages, then none is lost and none is shown twice', async () => {
    const first = await searchPapers(database.db, 'sparse attention', { limit: 3 });
    await makeDigest(database.db, '2026-01-04', ['Sparse Attention Once More'], AT);
    const rest = await searchPapers(database.db, 'sparse attention', { limit: 9, cursor: first.next });
    expect([...first.rows, ...rest.rows].map(({ title }) => title)).toEqual(ORDER);
    expect([first.total, rest.total]).toEqual([7, 7]);
    await database.db.digest.deleteMany({ where: { digestOn: new Date('2026-01-04') } });
  });

  it('when a short word is looked for, then those it begins a word of come before those it stands inside of', async () => {
    expect(await titles('rag')).toEqual(['RAG without Regret', 'Answers', 'Fragments of Storage']);
  });

  it.each([
    ['über', ['ÜBER ALLES', 'Über-Modelle']],
    ['ÜBERBLICK', ['Über-Modelle']],
    ['gross', []],
    ['state space', ['Answers']],
    ['state-space', ['Answers']],
    ['100%', []],
    ['_', []],
    ['%', []],
    ['\\', []],
    ['', []],
    ['   ', []],
  ])('when «%s» is looked for, then signs are signs, and letters are found in either case', async (query, expected) => {
    expect(await titles(query)).toEqual(expected);
  });

  it('when many words are looked for, then each of them counts', async () => {
    const words = 'sparse attention for long documents something else altogether';
    expect(await titles(words)).toEqual(['Sparse Attention for Long Documents']);
    expect(await titles(`${words} nowhere`)).toEqual([]);
  });
});
