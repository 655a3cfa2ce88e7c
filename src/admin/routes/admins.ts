import { Router, type Request, type Response } from 'express';
import { listAdmins } from '../../db/operator/admins.ts';
import { listInvitations } from '../../db/operator/invitations.ts';
import { fieldsOf, first } from '../../http/bodies.ts';
import { whenView } from '../../http/moments.ts';
import { idOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { ROLES, readRole } from '../../model/role.ts';
import { changeRole } from '../../operate/change-role.ts';
import { INVITATION_DAYS, inviteAdmin, revokeInvitation } from '../../operate/invite-admin.ts';
import { removeAdmin } from '../../operate/remove-admin.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import type { Admin, Section } from '../admin.ts';
import { isSure } from '../ask.ts';
import { backTo } from '../respond.ts';
import { actorOf, sessionFrom } from '../session.ts';

const PATH = '/admin/admins';

/** Who may see these pages, in which role, and who is invited; for owners, whose acts here want a fresh sign-in. */
export const admins: Section = {
  ...{ area: 'admins', path: PATH, room: 'more' },
  rights: { 'GET /admins': 'owner', 'POST /admins': { role: 'owner', fresh: true } },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/admins', (req, res) => showAdmins(admin, req, res));
  router.post('/admins', async (req, res) => {
    const said = await act(admin, req, res);
    if (said !== null) backTo(res, PATH, said);
  });
  return router;
}

async function showAdmins({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const { words, language } = visitOf(req);
  const now = ctx.now();
  const rolesWith = (chosen: string) =>
    ROLES.map((role) => ({ role, name: words('admin.admins.role', { role }), chosen: role === chosen }));
  const rows = (await listAdmins(ctx.db, now)).map(({ email, role, lastSignedInAt, sessions }) => ({
    ...{ email, sessions, roles: rolesWith(role), isYou: email === sessionFrom(res).email },
    seen: lastSignedInAt ? whenView(lastSignedInAt, now, language) : null,
  }));
  const invitations = (await listInvitations(ctx.db, now)).map(({ id, email, role, invitedBy, expiresAt }) => ({
    ...{ id, email, invitedBy, role: words('admin.admins.role', { role }), ends: whenView(expiresAt, now, language) },
  }));
  const view = { lead: words('admin.admins.sentence', { count: rows.length }), rows, invitations };
  const more = { days: INVITATION_DAYS, roles: rolesWith('editor') };
  show(req, res, { template: 'admins', title: words('admin.admins.title'), view: { ...view, ...more } });
}

/** Does what a form asks for; null where it asks first. */
async function act(admin: Admin, req: Request, res: Response): Promise<string | null> {
  const { words, language } = visitOf(req);
  const say = (key: string, values = {}) => words(`admin.admins.said.${key}`, values);
  const fields = await fieldsOf(req);
  const by = actorOf(res);
  const action = first(fields, 'action');
  if (action === 'revoke') return say((await revokeInvitation(admin.ctx, idOf(first(fields, 'id')) ?? 0, by)).outcome);
  const email = checkEmail(first(fields, 'email'));
  if (!email.ok) return say('noAddress');
  const named = { email: email.value };
  if (action === 'remove') {
    if (!(await isSure(admin, req, res, removalOf(req, email.value)))) return null;
    return say((await removeAdmin(admin.ctx, email.value, by)).outcome, named);
  }
  const role = readRole(first(fields, 'role'));
  if (role === null) return say('noRole');
  if (action === 'role') return say((await changeRole(admin.ctx, { ...named, role }, by)).outcome, named);
  const inviter = `admin:${sessionFrom(res).email}` as const;
  if (action === 'invite')
    return say((await inviteAdmin(admin.ctx, { ...named, role, language }, inviter)).outcome, named);
  return say('noAct');
}

function removalOf(req: Request, email: string) {
  const { words } = visitOf(req);
  const say = (key: string) => words(`admin.admins.remove.${key}`, { email });
  return {
    ...{ title: say('title'), says: [say('sessions'), say('passkeys'), say('log')] },
    ...{ yes: say('yes'), no: say('no'), back: PATH, fields: { action: 'remove', email } },
  };
}
