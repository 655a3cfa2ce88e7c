import type { Tx } from '../client.ts';

/** A passkey, as its admin sees it. */
export interface ListedPasskey {
  id: number;
  name: string;
  createdAt: Date;
  lastUsedAt: Date | null;
}

/** What a signature is checked against, and whose it is. */
export interface StoredPasskey {
  id: number;
  credentialId: string;
  publicKey: Uint8Array;
  counter: number;
  transports: string[];
  admin: { id: number; email: string };
}

/** Lists an admin's passkeys, newest first. */
export async function listPasskeys(db: Tx, adminId: number): Promise<(ListedPasskey & { credentialId: string })[]> {
  return db.adminPasskey.findMany({
    where: { adminId },
    orderBy: { id: 'desc' },
    select: { id: true, name: true, createdAt: true, lastUsedAt: true, credentialId: true },
  });
}

/** Keeps a passkey; false where that one is known already. */
export async function createPasskey(
  db: Tx,
  row: Omit<StoredPasskey, 'id' | 'admin'> & { adminId: number; name: string; createdAt: Date },
): Promise<boolean> {
  const data = { ...row, publicKey: Uint8Array.from(row.publicKey), counter: BigInt(row.counter) };
  const { count } = await db.adminPasskey.createMany({ data: [data], skipDuplicates: true });
  return count > 0;
}

/** Finds a passkey by the id that the browser gives it. */
export async function findPasskey(db: Tx, credentialId: string): Promise<StoredPasskey | null> {
  const found = await db.adminPasskey.findUnique({ where: { credentialId }, include: { admin: true } });
  if (!found) return null;
  const { id, publicKey, counter, transports, admin } = found;
  return { id, credentialId, publicKey, counter: Number(counter), transports, admin };
}

/** Notes that a passkey was used, from one count of its device to another; false where somebody used it meanwhile. */
export async function usePasskey(
  db: Tx,
  { id, from, to, now }: { id: number; from: number; to: number; now: Date },
): Promise<boolean> {
  const where = { id, counter: BigInt(from) };
  const { count } = await db.adminPasskey.updateMany({ where, data: { counter: BigInt(to), lastUsedAt: now } });
  return count > 0;
}

/** Forgets a passkey of an admin; returns its name, null where they have none of that number. */
export async function deletePasskey(db: Tx, adminId: number, id: number): Promise<string | null> {
  const found = await db.adminPasskey.findFirst({ where: { id, adminId }, select: { name: true } });
  const { count } = await db.adminPasskey.deleteMany({ where: { id, adminId } });
  return count > 0 && found ? found.name : null;
}
