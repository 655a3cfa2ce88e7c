/** Version of the parsers; it rises when what they read of a capture may change, and captures know theirs. */
export const PARSER_VERSION = 7;

/** Bytes of the largest capture that is read; the longest real list has about 0.6 MB. */
export const MAX_CAPTURE_BYTES = 20 * 1024 * 1024;

/** Tells whether bytes are packed with gzip (RFC 1952 2.3.1). */
export function isPacked(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}
