import type { Role } from '../../model/role.ts';
import type { Tx } from '../client.ts';

/** «Last used» is written down no more often than this. */
const USE_MS = 60_000;

/** Somebody signed in. */
export interface AdminSession {
  id: number;
  adminId: number;
  email: string;
  /** As it is now, not as it was when they signed in. */
  role: Role;
  csrfToken: string;
  /** When they signed in. */
  createdAt: Date;
}

/** A session, as listed. */
export interface ListedSession {
  id: number;
  email: string;
  createdAt: Date;
  lastUsedAt: Date | null;
  expiresAt: Date;
  network: string | null;
  browser: string | null;
}

/** Which sessions are meant: one, those of an admin, and all but one; together they narrow. */
export interface WhichSessions {
  id?: number;
  email?: string;
  exceptId?: number;
}

/** Opens a session, known by the SHA-256 of its token. */
export async function createSession(
  db: Tx,
  row: {
    tokenHash: Uint8Array;
    adminId: number;
    csrfToken: string;
    createdAt: Date;
    expiresAt: Date;
    network: string;
    browser: string;
  },
): Promise<void> {
  await db.adminSession.create({ data: { ...row, tokenHash: Uint8Array.from(row.tokenHash) } });
}

/** Finds a session that has not run out, and notes to the minute that it was used. */
export async function findSession(db: Tx, tokenHash: Uint8Array, now: Date): Promise<AdminSession | null> {
  const session = await db.adminSession.findUnique({
    where: { tokenHash: Uint8Array.from(tokenHash) },
    include: { admin: true },
  });
  if (!session || session.expiresAt <= now) return null;
  const { id, adminId, csrfToken, createdAt, lastUsedAt, admin } = session;
  if (!lastUsedAt || now.getTime() - lastUsedAt.getTime() >= USE_MS)
    await db.adminSession.updateMany({ where: { id }, data: { lastUsedAt: now } });
  return { id, adminId, email: admin.email, role: admin.role, csrfToken, createdAt };
}

/** Lists the sessions that are open, newest first. */
export async function listSessions(db: Tx, now: Date, which: WhichSessions = {}): Promise<ListedSession[]> {
  const rows = await db.adminSession.findMany({
    where: { ...whereOf(which), expiresAt: { gt: now } },
    orderBy: { id: 'desc' },
    include: { admin: true },
  });
  return rows.map(({ id, admin: { email }, createdAt, lastUsedAt, expiresAt, network, browser }) => ({
    ...{ id, email, createdAt, lastUsedAt, expiresAt, network, browser },
  }));
}

/** Ends sessions; returns how many of whom that had not run out. */
export async function deleteSessions(db: Tx, now: Date, which: WhichSessions): Promise<Map<string, number>> {
  const open = await listSessions(db, now, which);
  await db.adminSession.deleteMany({ where: { id: { in: open.map(({ id }) => id) } } });
  const ended = new Map<string, number>();
  for (const { email } of open) ended.set(email, (ended.get(email) ?? 0) + 1);
  return ended;
}

/** Deletes sessions and links that have run out. */
export async function forgetSessions(db: Tx, now: Date): Promise<number> {
  const sessions = await db.adminSession.deleteMany({ where: { expiresAt: { lte: now } } });
  const links = await db.adminLink.deleteMany({ where: { expiresAt: { lte: now } } });
  return sessions.count + links.count;
}

function whereOf({ id, email, exceptId }: WhichSessions) {
  return {
    id: { ...(id === undefined ? {} : { equals: id }), ...(exceptId === undefined ? {} : { not: exceptId }) },
    ...(email === undefined ? {} : { admin: { email } }),
  };
}
