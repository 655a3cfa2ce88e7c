import { AppError } from './errors.ts';
import { isDate } from './time.ts';

/** Some rows of a list, and where to go on; null at its end. */
export interface Page<Row> {
  rows: Row[];
  next: string | null;
}

/** What is asked of a list: so many rows, from behind a cursor or from the start. */
export interface PageWish {
  limit: number;
  cursor?: string | null | undefined;
}

/**
 * What a key may be made of, each as a table can hold it: whole numbers of 31 and 63 bits, an instant, a date
 * YYYY-MM-DD, text, bytes.
 */
interface Parts {
  number: number;
  bigint: bigint;
  instant: Date;
  date: string;
  text: string;
  bytes: Uint8Array;
}

type Key<Kinds extends readonly (keyof Parts)[]> = { -readonly [I in keyof Kinds]: Parts[Kinds[I]] };

/** How the keys of one list's rows are written into cursors and read back. */
export interface Cursor<K> {
  write(key: K): string;
  /** Null stands for the start of the list. Throws AppError bad-input where the text is no cursor of this list. */
  read(text: string | null | undefined): K | null;
}

/** Longer than any key, in characters. */
const LONGEST = 2_000;

/** Reads each part; undefined where it is none that a table can hold. */
const READ: { [Kind in keyof Parts]: (text: string) => Parts[Kind] | undefined } = {
  number: (text) => (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : undefined),
  bigint: (text) => (/^\d{1,19}$/.test(text) && BigInt(text) < 2n ** 63n ? BigInt(text) : undefined),
  instant: (text) => (/^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text)) ? new Date(text) : undefined),
  date: (text) => (isDate(text) && text >= '0001' ? text : undefined),
  text: (text) => (/[\0\p{Surrogate}]/u.test(text) ? undefined : text),
  bytes: (text) => Buffer.from(text, 'hex'),
};

/**
 * Makes the cursors of a list that is sorted by these parts, which together name one row: opaque, and safe in a URL as
 * they are. A list continued behind a key neither repeats nor loses rows, whatever is inserted meanwhile.
 */
export function cursorOf<const Kinds extends readonly (keyof Parts)[]>(
  list: string,
  ...kinds: Kinds
): Cursor<Key<Kinds>> {
  const write = (key: readonly Parts[keyof Parts][]) =>
    Buffer.from(JSON.stringify([list, ...key.map(textOf)])).toString('base64url');
  return {
    write,
    read(text) {
      if (!text) return null;
      const key = keyIn(text, list, kinds);
      if (!key || write(key) !== text)
        throw new AppError(
          'bad-input',
          `«${text.slice(0, 40)}» is no cursor of this list (${list}): expected the one that the page before gave, or none`,
          { said: { name: 'cursor' } },
        );
      return key as Key<Kinds>;
    },
  };
}

/**
 * Reads a page of a list: `read` returns up to so many rows behind a key. One more than is shown tells whether there is
 * another page.
 */
export async function readPage<K extends readonly unknown[] | [], Row>(
  cursor: Cursor<K>,
  { cursor: from, limit }: PageWish,
  read: (key: NoInfer<K> | null, most: number) => Promise<Row[]>,
  keyOf: (row: Row) => NoInfer<K>,
): Promise<Page<Row>> {
  const found = await read(cursor.read(from), limit + 1);
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  return { rows, next: found.length > limit && last !== undefined ? cursor.write(keyOf(last)) : null };
}

/** Reads a list page after page, `most` rows at most in all; the first page comes even where it is empty. */
export async function* eachPage<Row>(
  read: (wish: PageWish) => Promise<Page<Row>>,
  { limit, most = Infinity }: { limit: number; most?: number | undefined },
): AsyncGenerator<Row[]> {
  let cursor: string | null = null;
  let left = most;
  do {
    const page: Page<Row> = await read({ cursor, limit: Math.min(limit, left) });
    yield page.rows;
    left -= page.rows.length;
    cursor = page.next;
  } while (cursor !== null && left > 0);
}

function textOf(part: Parts[keyof Parts]): string {
  if (part instanceof Date) return part.toISOString();
  return part instanceof Uint8Array ? Buffer.from(part).toString('hex') : String(part);
}

/**
 * Takes a cursor apart; null where it is none of this list. Another spelling of a cursor passes here, and is told by
 * writing it again.
 */
function keyIn(text: string, list: string, kinds: readonly (keyof Parts)[]): Parts[keyof Parts][] | null {
  if (text.length > LONGEST) return null;
  let parts: unknown;
  try {
    parts = JSON.parse(Buffer.from(text, 'base64url').toString());
  } catch {
    return null;
  }
  if (!Array.isArray(parts) || parts.length !== kinds.length + 1 || parts[0] !== list) return null;
  const key = kinds.map((kind, at) => {
    const part: unknown = parts[at + 1];
    return typeof part === 'string' ? READ[kind](part) : undefined;
  });
  return key.some((part) => part === undefined) ? null : (key as Parts[keyof Parts][]);
}
