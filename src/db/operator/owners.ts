import type { Role } from '../../model/role.ts';
import type { Tx } from '../client.ts';
import { enumOf, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const lockOwnerRows = query(
  'lock the owners',
  { email: text },
  () => sql`SELECT email FROM admins WHERE role = 'owner' ORDER BY id FOR UPDATE`,
);

/**
 * Lists the owners and keeps all of them as they are until the transaction ends, so that two who take leave at once do
 * not both count on the other.
 */
export async function lockOwners(db: Tx): Promise<string[]> {
  return (await lockOwnerRows(db, {})).map(({ email }) => email);
}

/** Tells whether an admin is the last owner; nobody can change who is one until the transaction ends. */
export async function isLastOwner(db: Tx, email: string): Promise<boolean> {
  const owners = await lockOwners(db);
  return owners.length === 1 && owners[0] === email;
}

const lockRole = query(
  'lock the role of an admin',
  { role: enumOf<Role>('admin_role') },
  (given: { email: string }) => sql`SELECT role FROM admins WHERE email = ${given.email} FOR UPDATE`,
);

/** Returns the role of an admin, which nobody changes until the transaction ends; null where there is no such admin. */
export async function lockRoleOf(db: Tx, email: string): Promise<Role | null> {
  await lockOwners(db); // first, as whoever changes who is one does
  return (await lockRole(db, { email }))[0]?.role ?? null;
}
