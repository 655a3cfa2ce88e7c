import type { Tx } from './client.ts';

/**
 * Runs a query and brings its rows over as one JSON text, instants and dates as strings: Prisma spends more on each value of a big result
 * than PostgreSQL on the whole row.
 */
export async function queryRows<T>(db: Tx, sql: string, ...values: unknown[]): Promise<T[]> {
  const [found] = await db.$queryRawUnsafe<{ rows: string | null }[]>(
    `SELECT json_agg(r)::text AS rows FROM (${sql}) AS r`,
    ...values,
  );
  return JSON.parse(found?.rows ?? '[]') as T[];
}

/** Writes numbers as the text of a PostgreSQL array, to be cast: Prisma looks at each member of a list, and at a text as a whole. */
export function arrayText(numbers: ArrayLike<number>): string {
  let text = '{';
  for (let i = 0; i < numbers.length; i++) text += i === 0 ? numbers[i]! : `,${numbers[i]!}`;
  return `${text}}`;
}

/** Writes lists of numbers as the text of a text[] whose members can be cast to int[]: lists of different lengths are no array. */
export function listsText<T>(rows: readonly T[], pick: (row: T) => ArrayLike<number>): string {
  return `{${rows.map((row) => `"${arrayText(pick(row))}"`).join(',')}}`;
}

/** Returns what an id made at an instant begins with: UUID version 7, so that new rows meet in one corner of the index (RFC 9562, 5.7). */
export function timePrefix(now: Date): string {
  const hex = now.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
}

/** Makes such an id in SQL; `prefix` is the placeholder of its beginning. */
export function timeOrderedId(prefix: string): string {
  return `(${prefix} || right(gen_random_uuid()::text, 21))::uuid`;
}
