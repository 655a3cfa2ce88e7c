import { Router } from 'express';
import { privatePages } from '../../http/security.ts';
import { visitOf } from '../../http/visit.ts';
import { showDeadLink } from '../dead-link.ts';
import type { Web } from '../respond.ts';

/** Where links with a token lead. */
const PLACES = ['confirm', 'decline', 'undo', 'preferences', 'unsubscribe', 'react', 'newsletters', 'feed'];

/** Answers links that lost their token, or hold more than one of ours does; comes after the routes that know them. */
export function deadLinkRoutes(web: Web): Router {
  const router = Router();
  const paths = PLACES.map((place) => `/${place}`);
  router.use(paths, privatePages('no-referrer'), (req, res) =>
    showDeadLink(web, req, res, visitOf(req).words('dead.cut')),
  );
  return router;
}
