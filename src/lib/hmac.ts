import { createHmac, hash, type BinaryToTextEncoding } from 'node:crypto';

/** Octets of a block and of a digest (FIPS 180-4, table 1). */
const SIZES = { sha256: { block: 64, digest: 32 }, sha512: { block: 128, digest: 64 } } as const;
/** Longest text that is signed in memory kept for it. */
const LONGEST = 512;

type Algorithm = keyof typeof SIZES;

/** A key laid over the two pads of HMAC, with room for what is hashed behind them. */
interface Pads {
  inner: Buffer;
  outer: Buffer;
}

const pads: Record<Algorithm, WeakMap<Buffer, Pads>> = { sha256: new WeakMap(), sha512: new WeakMap() };

/**
 * Signs a text with HMAC (RFC 2104) as `createHmac` does, in half its time and without the objects it leaves to the collector of
 * garbage: two hashes in one call each. A mail takes three signatures, which would be a fifth of composing it.
 */
export function hmac(algorithm: Algorithm, key: Buffer, text: string, encoding: BinaryToTextEncoding): string {
  const { block } = SIZES[algorithm];
  if (key.length > block || text.length > LONGEST / 3) return createHmac(algorithm, key).update(text).digest(encoding);
  const { inner, outer } = padsOf(algorithm, key);
  const end = block + inner.write(text, block);
  outer.write(hash(algorithm, inner.subarray(0, end), 'binary'), block, 'latin1');
  return hash(algorithm, outer, encoding);
}

function padsOf(algorithm: Algorithm, key: Buffer): Pads {
  const kept = pads[algorithm].get(key);
  if (kept) return kept;
  const { block, digest } = SIZES[algorithm];
  const made = { inner: Buffer.alloc(block + LONGEST), outer: Buffer.alloc(block + digest) };
  for (let at = 0; at < block; at++) {
    made.inner[at] = (key[at] ?? 0) ^ 0x36;
    made.outer[at] = (key[at] ?? 0) ^ 0x5c;
  }
  pads[algorithm].set(key, made);
  return made;
}
