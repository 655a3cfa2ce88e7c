/** Makes a text fit for a database: no NUL, and no half of a pair of surrogates (RFC 8259 8.2 leaves both open). */
export function storable(text: string): string {
  return Buffer.from(text, 'utf8').toString('utf8').replaceAll('\0', '');
}
