import type { Tx } from '../client.ts';

/**
 * What a browser was asked: to make a passkey, to sign with one, to come back from an identity provider, or who the
 * first owner is.
 */
export type ChallengePurpose = 'passkey-add' | 'passkey-use' | 'provider' | 'first-owner';

/** Something a browser has to bring back, once. */
export interface Challenge {
  purpose: ChallengePurpose;
  /** Whose it is, where somebody is signed in. */
  adminId: number | null;
  data: Record<string, string>;
}

/** Keeps a challenge by the SHA-256 of its token. */
export async function createChallenge(
  db: Tx,
  { data, ...row }: Challenge & { tokenHash: Uint8Array; expiresAt: Date },
): Promise<void> {
  const tokenHash = Uint8Array.from(row.tokenHash);
  await db.adminChallenge.create({ data: { ...row, tokenHash, data: data } });
}

/** Tells whether a challenge waits, of any token where none is named. */
export async function hasChallenge(
  db: Tx,
  { purpose, now, tokenHash }: { purpose: ChallengePurpose; now: Date; tokenHash?: Uint8Array },
): Promise<boolean> {
  const token = tokenHash ? { tokenHash: Uint8Array.from(tokenHash) } : {};
  return (await db.adminChallenge.count({ where: { purpose, expiresAt: { gt: now }, ...token } })) > 0;
}

/** Takes a challenge, once, whatever becomes of the answer; null where it was taken, has expired or never was. */
export async function takeChallenge(
  db: Tx,
  { tokenHash, purpose, now }: { tokenHash: Uint8Array; purpose: ChallengePurpose; now: Date },
): Promise<Challenge | null> {
  const key = { tokenHash: Uint8Array.from(tokenHash) };
  const found = await db.adminChallenge.findUnique({ where: key });
  const { count } = await db.adminChallenge.deleteMany({ where: key });
  if (!found || count === 0 || found.purpose !== purpose || found.expiresAt <= now) return null;
  return { purpose, adminId: found.adminId, data: found.data as Record<string, string> };
}

/** Deletes challenges and invitations that have run out. */
export async function forgetChallenges(db: Tx, now: Date): Promise<number> {
  const challenges = await db.adminChallenge.deleteMany({ where: { expiresAt: { lte: now } } });
  const invitations = await db.adminInvitation.deleteMany({ where: { expiresAt: { lte: now } } });
  return challenges.count + invitations.count;
}
