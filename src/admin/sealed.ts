import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Context } from '../context.ts';
import type { AdminSession } from '../db/operator/admin-sessions.ts';

/** The parameter of an address in which a sealed question stands. */
export const ASK = 'ask';

const CIPHER = 'aes-256-gcm';
/** Octets of the nonce and of the tag (NIST SP 800-38D, 5.2.1). */
const [NONCE, TAG] = [12, 16];
/** Octets of anything sealed here, unpacked. */
const MOST = 20_000;

/** Seals something for one session, so that it may stand in an address: nobody else can read or write it. */
export function seal(ctx: Context, session: AdminSession, value: unknown): string {
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv(CIPHER, keyOf(ctx, session), nonce);
  const sealed = [cipher.update(deflateRawSync(JSON.stringify(value))), cipher.final()];
  return Buffer.concat([nonce, cipher.getAuthTag(), ...sealed]).toString('base64url');
}

/** Opens what was sealed for a session; null where it was not, or its keys are gone. */
export function unseal(ctx: Context, session: AdminSession, text: string): unknown {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length <= NONCE + TAG) return null;
  const decipher = createDecipheriv(CIPHER, keyOf(ctx, session), bytes.subarray(0, NONCE));
  decipher.setAuthTag(bytes.subarray(NONCE, NONCE + TAG));
  try {
    const packed = Buffer.concat([decipher.update(bytes.subarray(NONCE + TAG)), decipher.final()]);
    return JSON.parse(inflateRawSync(packed, { maxOutputLength: MOST }).toString());
  } catch {
    return null;
  }
}

/** A key for each session: it ends with it. */
function keyOf({ keys }: Context, { csrfToken }: AdminSession): Buffer {
  const [key] = keys.link;
  if (!key) throw new Error('No key to seal with');
  return Buffer.from(hkdfSync('sha256', key.secret, csrfToken, 'admin-question', 32));
}
