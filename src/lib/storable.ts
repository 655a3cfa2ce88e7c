/** Writes JSON that a database takes: no NUL, and no half of a pair of surrogates (RFC 8259 8.2 leaves both open). */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes('\\u')) return json; // what is not storable is written so
  return JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'string' ? Buffer.from(each, 'utf8').toString('utf8').replaceAll('\0', '') : each,
  );
}
