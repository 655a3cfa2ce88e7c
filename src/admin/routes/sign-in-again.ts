import { Router } from 'express';
import { visitOf } from '../../http/visit.ts';
import { FRESH_MINUTES } from '../../model/role.ts';
import type { Admin } from '../admin.ts';
import type { Rights } from '../rights.ts';
import { sessionFrom } from '../session.ts';
import { providerOf } from '../sign-in-steps.ts';

/** Asks for a fresh sign-in before an act that wants one. */
export const signInAgain: { rights: Rights; routes: (admin: Admin) => Router } = {
  rights: { 'GET /sign-in-again': 'viewer' },
  routes: ({ ctx, show }) => {
    const router = Router();
    router.get('/sign-in-again', (req, res) => {
      const { words } = visitOf(req);
      const lead = words('admin.identity.again.lead', { minutes: FRESH_MINUTES });
      const view = { problem: '', provider: providerOf(ctx), lead, email: sessionFrom(res).email };
      show(req, res, { template: 'sign-in-ways', title: words('admin.identity.again.title'), view });
    });
    return router;
  },
};
