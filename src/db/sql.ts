/**
 * Writes numbers as the text of a PostgreSQL array, to be cast: Prisma looks at each member of a list, and at a text as
 * a whole.
 */
export function arrayText(numbers: ArrayLike<number>): string {
  let text = '{';
  for (let i = 0; i < numbers.length; i++) text += i === 0 ? String(numbers[i]) : `,${String(numbers[i])}`;
  return `${text}}`;
}

/**
 * Writes lists of numbers as the text of a text[] whose members can be cast to int[]: lists of different lengths are no
 * array.
 */
export function listsText<T>(rows: readonly T[], pick: (row: T) => ArrayLike<number>): string {
  return `{${rows.map((row) => `"${arrayText(pick(row))}"`).join(',')}}`;
}

/**
 * Returns what an id made at an instant begins with: UUID version 7, so that new rows meet in one corner of the index
 * (RFC 9562, 5.7).
 */
export function timePrefix(now: Date): string {
  const hex = now.getTime().toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7`;
}

/** Makes such an id in SQL; `prefix` is the placeholder of its beginning. */
export function timeOrderedId(prefix: string): string {
  return `(${prefix} || right(gen_random_uuid()::text, 21))::uuid`;
}
