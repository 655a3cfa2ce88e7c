import { describe, expect, it } from 'vitest';
import { cursorOf, eachPage, readPage, type PageWish } from '../../src/lib/cursor.ts';
import { AppError } from '../../src/lib/errors.ts';

const cursor = cursorOf('things', 'instant', 'date', 'text', 'bigint', 'number', 'bytes');
const at = new Date('2026-01-05T08:00:00.123Z');
const key: Parameters<typeof cursor.write>[0] = [
  ...([at, '2026-01-05', 'Ünïcode "quoted" \\ 𝕏'] as const),
  ...([2n ** 63n - 1n, 2 ** 31 - 1, new Uint8Array([0, 255, 7])] as const),
];
const raw = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a cursor', () => {
  it('when a key is written, then it is safe in a URL and comes back as it was', () => {
    const text = cursor.write(key);
    expect(text).toMatch(/^[\w-]+$/);
    const [instant, date, name, big, small, bytes] = cursor.read(text)!;
    expect([instant, date, name, big, small]).toEqual(key.slice(0, 5));
    expect([...bytes]).toEqual([0, 255, 7]);
  });

  it.each([null, undefined, ''])('when there is none (%s), then the list begins at its start', (none) => {
    expect(cursor.read(none)).toBeNull();
  });

  const ids = cursorOf('ids', 'number');
  const big = cursorOf('big', 'bigint');
  const days = cursorOf('days', 'date');
  const times = cursorOf('times', 'instant');
  const names = cursorOf('names', 'text');
  const hashes = cursorOf('hashes', 'bytes');
  it.each<[string, { read(text: string): unknown }, string]>([
    ['no base64', ids, '%%%'],
    ['no JSON', ids, 'AAAA'],
    ['a number as people write it', ids, '17'],
    ['JSON, but no list', ids, raw({ ids: 1 })],
    ['null', ids, raw(null)],
    ['of another list', ids, big.write([1n])],
    ['too short', ids, raw(['ids'])],
    ['too long', ids, raw(['ids', '1', '2'])],
    ['of another type', ids, raw(['ids', 1])],
    ['a nested list', ids, raw(['ids', ['1']])],
    ['with leading zeros', ids, raw(['ids', '007'])],
    ['negative', ids, raw(['ids', '-1'])],
    ['beyond 31 bits', ids, raw(['ids', String(2 ** 31)])],
    ['beyond 63 bits', big, raw(['big', String(2n ** 63n)])],
    ['a day that does not exist', days, raw(['days', '2026-02-30'])],
    ['the year 0, which PostgreSQL does not know', days, raw(['days', '0000-01-01'])],
    ['no instant', times, raw(['times', '2026-99-01T00:00:00.000Z'])],
    ['an instant far away', times, raw(['times', '+275760-09-13T00:00:00.000Z'])],
    ['an instant spelt otherwise', times, raw(['times', '2026-01-05'])],
    ['text with NUL', names, raw(['names', 'a\0b'])],
    ['half a character', names, raw(['names', '\ud800'])],
    ['no hexadecimal', hashes, raw(['hashes', 'xyz'])],
    ['with something behind', ids, `${ids.write([1])}=`],
    ['with white space in it', ids, ` ${ids.write([1])}`],
    ['endless', names, names.write(['a'.repeat(100_000)])],
  ])('when it is %s, then it is bad input, told with what was expected', (_what, list, text) => {
    expect(() => list.read(text)).toThrow(AppError);
    expect(() => list.read(text)).toThrow(/is no cursor of this list .*: expected the one that the page before gave/);
    try {
      list.read(text);
    } catch (error) {
      expect((error as AppError).code).toBe('bad-input');
    }
  });
});

describe('a list read by pages', () => {
  const ids = cursorOf('ids', 'number');
  const rows = Array.from({ length: 7 }, (_, n) => ({ id: n + 1 }));
  const read = (wish: PageWish) =>
    readPage(
      ids,
      wish,
      (key, most) => Promise.resolve(rows.filter(({ id }) => id > (key?.[0] ?? 0)).slice(0, most)),
      ({ id }) => [id],
    );
  const all = async (limit: number, most?: number) => {
    const pages: number[][] = [];
    for await (const page of eachPage(read, { limit, most })) pages.push(page.map(({ id }) => id));
    return pages;
  };

  it.each([
    [3, undefined, [[1, 2, 3], [4, 5, 6], [7]]],
    [7, undefined, [[1, 2, 3, 4, 5, 6, 7]]],
    [3, 3, [[1, 2, 3]]],
    [3, 4, [[1, 2, 3], [4]]],
    [
      5,
      100,
      [
        [1, 2, 3, 4, 5],
        [6, 7],
      ],
    ],
  ])(
    'when %s rows make a page and %s are wanted, then every row comes once and no empty page',
    async (limit, most, expected) => {
      expect(await all(limit, most)).toEqual(expected);
    },
  );

  it('when a page ends where the list ends, then there is no next one', async () => {
    expect((await read({ limit: 7 })).next).toBeNull();
    expect((await read({ limit: 6 })).next).not.toBeNull();
  });
});
