import { Router } from 'express';
import { LINK_MINUTES } from '../../operate/make-sign-in-link.ts';
import { FRESH_MINUTES } from '../../model/role.ts';
import type { Admin } from '../admin.ts';
import type { Rights } from '../rights.ts';

/** Asks for a fresh sign-in before an act that wants one. */
export const signInAgain: { rights: Rights; routes: (admin: Admin) => Router } = {
  rights: { 'GET /sign-in-again': 'viewer' },
  routes: ({ show }) => {
    const router = Router();
    router.get('/sign-in-again', (req, res) => {
      const view = { fresh: FRESH_MINUTES, minutes: LINK_MINUTES };
      show(req, res, { template: 'sign-in-again', title: 'Sign in again', view });
    });
    return router;
  },
};
