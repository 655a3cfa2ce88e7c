/** Tells whether a text may be a UUID (RFC 9562 4): to the database anything else is an error. */
export function isUuid(text: string): boolean {
  return /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text);
}
