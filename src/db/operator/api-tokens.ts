import type { Tx } from '../client.ts';

/** «Last used» is written down no more often than this. */
const USE_MS = 60_000;

/** A token, as listed. */
export interface ApiToken {
  id: number;
  name: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date;
  /** To the minute. */
  lastUsedAt: Date | null;
  revokedAt: Date | null;
}

/** What a presented token is: good, or why it is not. */
export type FoundToken = { state: 'good' | 'expired' | 'revoked'; token: ApiToken } | { state: 'unknown' };

const LISTED = {
  ...{ id: true, name: true, scopes: true, createdAt: true, expiresAt: true },
  ...{ lastUsedAt: true, revokedAt: true },
} as const;

/** Keeps a token by the SHA-256 of its text; null where another has its name. */
export async function createToken(
  db: Tx,
  row: { name: string; tokenHash: Uint8Array; scopes: string[]; createdAt: Date; expiresAt: Date },
): Promise<ApiToken | null> {
  const data = [{ ...row, tokenHash: Uint8Array.from(row.tokenHash) }];
  const { count } = await db.apiToken.createMany({ data, skipDuplicates: true });
  return count === 0 ? null : db.apiToken.findUnique({ where: { name: row.name }, select: LISTED });
}

/** Finds a token by the SHA-256 of its text, and notes to the minute that a good one was used. */
export async function findToken(db: Tx, tokenHash: Uint8Array, now: Date): Promise<FoundToken> {
  const token = await db.apiToken.findUnique({ where: { tokenHash: Uint8Array.from(tokenHash) }, select: LISTED });
  if (!token) return { state: 'unknown' };
  if (token.revokedAt) return { state: 'revoked', token };
  if (token.expiresAt <= now) return { state: 'expired', token };
  if (!token.lastUsedAt || now.getTime() - token.lastUsedAt.getTime() >= USE_MS)
    await db.apiToken.updateMany({ where: { id: token.id }, data: { lastUsedAt: now } });
  return { state: 'good', token };
}

/** Lists every token, newest first: there are few. */
export function listTokens(db: Tx): Promise<ApiToken[]> {
  return db.apiToken.findMany({ select: LISTED, orderBy: { id: 'desc' } });
}

/** Ends a token; returns whether one of that name worked until now. */
export async function revokeToken(db: Tx, name: string, now: Date): Promise<boolean> {
  const { count } = await db.apiToken.updateMany({ where: { name, revokedAt: null }, data: { revokedAt: now } });
  return count > 0;
}
