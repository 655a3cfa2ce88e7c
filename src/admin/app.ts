import { Router } from 'express';
import type { Context } from '../context.ts';
import { readBody, readFileBody } from '../http/bodies.ts';
import type { Place } from '../http/places.ts';
import { privatePages } from '../http/security.ts';
import { createShow, type Admin } from './admin.ts';
import { audit } from './routes/audit.ts';
import { dashboard } from './routes/dashboard.ts';
import { deliveries } from './routes/deliveries.ts';
import { digests, refuseLargeFile, UPLOAD_PATH } from './routes/digests.ts';
import { editions } from './routes/editions.ts';
import { moreSection } from './routes/more.ts';
import { paper } from './routes/papers.ts';
import { sessions } from './routes/sessions.ts';
import { signInRoutes } from './routes/sign-in.ts';
import { sources } from './routes/sources.ts';
import { subscribers } from './routes/subscribers.ts';
import { suppressions } from './routes/suppressions.ts';
import { topics } from './routes/topics.ts';
import { requireAdmin, requireSession } from './session.ts';

/** The admin's pages; those of the room «more» in the order in which it lists them. */
const ROOMS = [
  ...[dashboard, subscribers, editions, sources, digests, paper],
  ...[suppressions, deliveries, topics, audit, sessions],
];
const SECTIONS = [...ROOMS, moreSection(ROOMS)];

/** Where the admin's pages lie. */
export const adminPlaces: readonly Place[] = [
  {
    name: 'admin',
    hidden: true,
    open: [/^\/admin\/[a-z-]{1,15}$/, /^\/admin\/digests\/(?:\d{1,9}|files)$/, /^\/admin\/papers\/[\w-]{1,40}$/],
  },
];

/**
 * Builds the admin's pages, to be mounted at /admin. Everything but signing in needs a session; every act is written to
 * the audit log.
 */
export function createAdminPages(ctx: Context): Router {
  const router = Router();
  const admin: Admin = { ctx, show: createShow(ctx, SECTIONS) };
  router.use(privatePages('same-origin'));
  router.post(UPLOAD_PATH, requireSession(ctx), readFileBody); // nobody else sends us megabytes
  router.use(UPLOAD_PATH, refuseLargeFile);
  router.use(readBody);
  router.use(signInRoutes(admin));
  router.use(requireAdmin(ctx));
  for (const { routes } of SECTIONS) router.use(routes(admin));
  return router;
}
