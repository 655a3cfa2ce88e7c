import type { Role } from '../../model/role.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';

/** Who may see the admin pages, as listed. */
export interface ListedAdmin {
  email: string;
  role: Role;
  createdAt: Date;
  lastSignedInAt: Date | null;
  /** Sessions that are open now. */
  sessions: number;
}

/**
 * Makes the admin at an address where there is none; returns who is there, and whether they are new. An invitation to
 * them has no more to give.
 */
export async function ensureAdmin(
  db: Tx,
  { email, role, now }: { email: string; role: Role; now: Date },
): Promise<{ id: number; role: Role; isNew: boolean }> {
  const made = await db.admin.createMany({ data: [{ email, role, createdAt: now }], skipDuplicates: true });
  await db.adminInvitation.deleteMany({ where: { email } });
  const admin = await db.admin.findUniqueOrThrow({ where: { email } });
  return { id: admin.id, role: admin.role, isNew: made.count > 0 };
}

/**
 * Keeps a single-use sign-in link for an admin by the SHA-256 of its token. Their older links work no more, unless
 * `keepsOlder`: where a stranger may have asked for it.
 */
export async function createSignInLink(
  db: Tx,
  link: { adminId: number; tokenHash: Uint8Array; now: Date; expiresAt: Date; keepsOlder?: boolean },
): Promise<void> {
  const { adminId, tokenHash, now, expiresAt, keepsOlder = false } = link;
  await lockAdmin(db, adminId);
  if (!keepsOlder) await voidLinks(db, adminId, now);
  await db.adminLink.create({ data: { tokenHash: Uint8Array.from(tokenHash), adminId, expiresAt } });
}

/** Finds the admin at an address; null where there is none. */
export async function findAdmin(db: Tx, email: string): Promise<{ id: number; email: string; role: Role } | null> {
  return db.admin.findUnique({ where: { email }, select: { id: true, email: true, role: true } });
}

/**
 * Gives an admin a role; false where there is none at that address. Only owners let others in: the invitations of who
 * is none are void.
 */
export async function setAdminRole(db: Tx, email: string, role: Role): Promise<boolean> {
  const { count } = await db.admin.updateMany({ where: { email }, data: { role } });
  if (role !== 'owner') await db.adminInvitation.deleteMany({ where: { invitedBy: email } });
  return count > 0;
}

/**
 * Finds a sign-in link and whether it still works, changing nothing; null where there never was one, or it was
 * forgotten.
 */
export async function findSignInLink(
  db: Tx,
  tokenHash: Uint8Array,
  now: Date,
): Promise<{ email: string; state: 'open' | 'used' | 'expired' } | null> {
  const link = await db.adminLink.findUnique({
    where: { tokenHash: Uint8Array.from(tokenHash) },
    include: { admin: true },
  });
  if (!link) return null;
  return { email: link.admin.email, state: link.usedAt ? 'used' : link.expiresAt > now ? 'open' : 'expired' };
}

/**
 * Uses up a sign-in link, and with it all others of that admin; null where it was used before, has expired or never
 * was.
 */
export async function useSignInLink(
  db: Tx,
  tokenHash: Uint8Array,
  now: Date,
): Promise<{ adminId: number; email: string } | null> {
  const hash = Uint8Array.from(tokenHash);
  const link = await db.adminLink.findUnique({ where: { tokenHash: hash } });
  if (!link) return null;
  const { adminId } = link;
  await lockAdmin(db, adminId);
  const { count } = await db.adminLink.updateMany({
    where: { tokenHash: hash, usedAt: null, expiresAt: { gt: now } },
    data: { usedAt: now },
  });
  if (count === 0) return null;
  await voidLinks(db, adminId, now);
  const { email } = await db.admin.findUniqueOrThrow({ where: { id: adminId }, select: { email: true } });
  return { adminId, email };
}

/** Notes that an admin signs in now. */
export async function noteSignedIn(db: Tx, adminId: number, now: Date): Promise<void> {
  await db.admin.update({ where: { id: adminId }, data: { lastSignedInAt: now } });
}

/** Counts the admins. */
export function countAdmins(db: Tx): Promise<number> {
  return db.admin.count();
}

/** Lists the admins by address. */
export async function listAdmins(db: Tx, now: Date): Promise<ListedAdmin[]> {
  const rows = await db.admin.findMany({
    orderBy: { email: 'asc' },
    include: { _count: { select: { sessions: { where: { expiresAt: { gt: now } } } } } },
  });
  return rows.map(({ email, role, createdAt, lastSignedInAt, _count: { sessions } }) => ({
    ...{ email, role, createdAt, lastSignedInAt, sessions },
  }));
}

/** Deletes an admin with their sessions and links; false where there is none at that address. */
export async function deleteAdmin(db: Tx, email: string): Promise<boolean> {
  const { count } = await db.admin.deleteMany({ where: { email } });
  return count > 0;
}

/** Makes the links of an admin that still work expire. */
async function voidLinks(db: Tx, adminId: number, now: Date): Promise<void> {
  await db.adminLink.updateMany({ where: { adminId, usedAt: null, expiresAt: { gt: now } }, data: { expiresAt: now } });
}

const lockRow = command(
  'lock an admin',
  (given: { id: number }) => sql`SELECT 1 FROM admins WHERE id = ${given.id} FOR UPDATE`,
);

/** Lets one link of an admin be made or used at a time, so that never two of them work. */
async function lockAdmin(db: Tx, adminId: number): Promise<void> {
  await lockRow(db, { id: adminId });
}
