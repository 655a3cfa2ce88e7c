import { Router, type Request, type Response } from 'express';
import { findInvitation } from '../../db/operator/invitations.ts';
import { tokenOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { tokenHash } from '../../lib/random-token.ts';
import { acceptInvitation } from '../../operate/accept-invitation.ts';
import { INVITATION_DAYS } from '../../operate/invite-admin.ts';
import type { Admin } from '../admin.ts';
import { handOver, openedFrom, refuseSignIn, whileNotLocked } from '../sign-in-steps.ts';

/** The routes below, which need no session. */
export const invitationRights = ['GET /invitation/:token', 'POST /invitation/:token'] as const;

/** Serves the link of an invitation: it shows a button, and the button makes an admin, once. */
export function invitationRoutes(admin: Admin): Router {
  const router = Router();
  const { ctx, show } = admin;
  const unlocked = whileNotLocked(admin);
  router.get('/invitation/:token', unlocked, async (req, res) => {
    const invitation = await findInvitation(ctx.db, tokenHash(tokenOf(req)), ctx.now());
    if (!invitation) return refuse(admin, req, res);
    const { words } = visitOf(req);
    const { invitedBy: by, email, role } = invitation;
    const view = { says: words('admin.identity.invited.lead', { by, email, role }), action: req.originalUrl };
    show(req, res, { title: words('admin.identity.invited.title'), template: 'sign-in', view });
  });
  router.post('/invitation/:token', unlocked, async (req, res) => {
    const session = await acceptInvitation(ctx, tokenOf(req), await openedFrom(ctx, req));
    if (!session) return refuse(admin, req, res);
    handOver(ctx, req, res, session);
    res.redirect(303, '/admin');
  });
  return router;
}

function refuse(admin: Admin, req: Request, res: Response): Promise<void> {
  const problem = visitOf(req).words('admin.identity.invited.dead', { days: INVITATION_DAYS });
  return refuseSignIn(admin, req, res, { reason: 'invitation', problem });
}
