import type { Tx } from './client.ts';

/** Somebody signed in. */
export interface AdminSession {
  adminId: number;
  email: string;
  csrfToken: string;
}

/** Finds or makes the admin at an address, and keeps a single-use sign-in link for them by the SHA-256 of its token. */
export async function createSignInLink(
  db: Tx,
  row: { email: string; tokenHash: Uint8Array; now: Date; expiresAt: Date },
): Promise<{ adminId: number }> {
  const { email, now, expiresAt } = row;
  const admin = await db.admin.upsert({ where: { email }, create: { email, createdAt: now }, update: {} });
  await db.adminLink.create({ data: { tokenHash: Uint8Array.from(row.tokenHash), adminId: admin.id, expiresAt } });
  return { adminId: admin.id };
}

/** Finds a sign-in link that still works, changing nothing. */
export async function findSignInLink(db: Tx, tokenHash: Uint8Array, now: Date): Promise<{ email: string } | null> {
  const link = await db.adminLink.findUnique({
    where: { tokenHash: Uint8Array.from(tokenHash) },
    include: { admin: true },
  });
  return link && !link.usedAt && link.expiresAt > now ? { email: link.admin.email } : null;
}

/** Uses up a sign-in link; null where it was used before, has expired or never was. */
export async function useSignInLink(
  db: Tx,
  tokenHash: Uint8Array,
  now: Date,
): Promise<{ adminId: number; email: string } | null> {
  const hash = Uint8Array.from(tokenHash);
  const { count } = await db.adminLink.updateMany({
    where: { tokenHash: hash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count === 0) return null;
  const link = await db.adminLink.findUniqueOrThrow({ where: { tokenHash: hash }, include: { admin: true } });
  return { adminId: link.adminId, email: link.admin.email };
}

/** Opens a session, known by the SHA-256 of its token. */
export async function createSession(
  db: Tx,
  row: { tokenHash: Uint8Array; adminId: number; csrfToken: string; createdAt: Date; expiresAt: Date },
): Promise<void> {
  await db.adminSession.create({ data: { ...row, tokenHash: Uint8Array.from(row.tokenHash) } });
}

/** Finds a session that has not run out. */
export async function findSession(db: Tx, tokenHash: Uint8Array, now: Date): Promise<AdminSession | null> {
  const session = await db.adminSession.findUnique({
    where: { tokenHash: Uint8Array.from(tokenHash) },
    include: { admin: true },
  });
  if (!session || session.expiresAt <= now) return null;
  return { adminId: session.adminId, email: session.admin.email, csrfToken: session.csrfToken };
}

/** Ends a session. */
export async function deleteSession(db: Tx, tokenHash: Uint8Array): Promise<void> {
  await db.adminSession.deleteMany({ where: { tokenHash: Uint8Array.from(tokenHash) } });
}

/** Deletes sessions and links that have run out. */
export async function forgetSessions(db: Tx, now: Date): Promise<number> {
  const sessions = await db.adminSession.deleteMany({ where: { expiresAt: { lte: now } } });
  const links = await db.adminLink.deleteMany({ where: { expiresAt: { lte: now } } });
  return sessions.count + links.count;
}
