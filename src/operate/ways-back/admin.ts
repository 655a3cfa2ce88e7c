import { setAdminRole } from '../../db/operator/admins.ts';
import { isLastOwner, lockRoleOf } from '../../db/operator/owners.ts';
import type { Role } from '../../model/role.ts';
import type { WayBack } from './way-back.ts';

/** Giving an admin a role; `admin:` and their address is its subject. */
export const adminWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => {
    const role = await lockRoleOf(tx, addressIn(subject));
    return role && { role };
  },
  restore: async (_ctx, tx, { subject, before }) => {
    const email = addressIn(subject);
    if (before['role'] !== 'owner' && (await isLastOwner(tx, email)))
      return { words: 'they are the last owner and stay one: make another first' };
    await setAdminRole(tx, email, before['role'] as Role);
    return null;
  },
};

function addressIn(subject: string | null): string {
  return (subject ?? '').slice('admin:'.length);
}
