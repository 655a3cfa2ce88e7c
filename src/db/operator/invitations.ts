import type { Role } from '../../model/role.ts';
import type { Tx } from '../client.ts';

/** Somebody who may become an admin. */
export interface Invitation {
  id: number;
  email: string;
  role: Role;
  invitedBy: string;
  createdAt: Date;
  expiresAt: Date;
}

const COLUMNS = { id: true, email: true, role: true, invitedBy: true, createdAt: true, expiresAt: true } as const;

/** Keeps an invitation by the SHA-256 of its token; an older one to the same address is void. */
export async function createInvitation(
  db: Tx,
  invitation: Omit<Invitation, 'id'> & { tokenHash: Uint8Array },
): Promise<void> {
  const data = { ...invitation, tokenHash: Uint8Array.from(invitation.tokenHash) };
  await db.adminInvitation.upsert({ where: { email: invitation.email }, create: data, update: data });
}

/** Finds an invitation that can still be taken, changing nothing. */
export async function findInvitation(db: Tx, tokenHash: Uint8Array, now: Date): Promise<Invitation | null> {
  return db.adminInvitation.findFirst({
    where: { tokenHash: Uint8Array.from(tokenHash), expiresAt: { gt: now } },
    select: COLUMNS,
  });
}

/** Takes an invitation, once; null where it was taken, revoked, has expired or never was. */
export async function takeInvitation(db: Tx, tokenHash: Uint8Array, now: Date): Promise<Invitation | null> {
  const found = await findInvitation(db, tokenHash, now);
  if (!found) return null;
  const where = { tokenHash: Uint8Array.from(tokenHash), expiresAt: { gt: now } };
  const { count } = await db.adminInvitation.deleteMany({ where });
  return count > 0 ? found : null;
}

/** Lists the invitations that can still be taken, newest first. */
export async function listInvitations(db: Tx, now: Date): Promise<Invitation[]> {
  return db.adminInvitation.findMany({ where: { expiresAt: { gt: now } }, orderBy: { id: 'desc' }, select: COLUMNS });
}

/** Voids the invitations to an address, and those that it sent. */
export async function voidInvitations(db: Tx, email: string): Promise<void> {
  await db.adminInvitation.deleteMany({ where: { OR: [{ email }, { invitedBy: email }] } });
}

/** Revokes an invitation; returns whose it was, null where there is none. */
export async function deleteInvitation(db: Tx, id: number): Promise<string | null> {
  const found = await db.adminInvitation.findUnique({ where: { id }, select: { email: true } });
  const { count } = await db.adminInvitation.deleteMany({ where: { id } });
  return count > 0 && found ? found.email : null;
}
