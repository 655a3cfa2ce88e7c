import { Router, type RequestHandler } from 'express';
import type { Context } from '../context.ts';
import { readBody, readFileBody, readLongBody } from '../http/bodies.ts';
import type { Place } from '../http/places.ts';
import { privatePages } from '../http/security.ts';
import { takesLonger } from '../http/server.ts';
import { visitOf } from '../http/visit.ts';
import { createShow, type Admin, type Section } from './admin.ts';
import { showQuestions } from './ask.ts';
import { admins } from './routes/admins.ts';
import { audit } from './routes/audit.ts';
import { deliveries } from './routes/deliveries.ts';
import { digests, refuseLargeFile, UPLOAD_PATH } from './routes/digests.ts';
import { editions } from './routes/editions.ts';
import { feedback } from './routes/feedback.ts';
import { firstRights, firstRoutes } from './routes/first.ts';
import { errands } from './routes/errands.ts';
import { IMPORT_PATH, imports, receiveImport } from './routes/imports.ts';
import { jobs } from './routes/jobs.ts';
import { invitationRights, invitationRoutes } from './routes/invitation.ts';
import { moreSection } from './routes/more.ts';
import { search, SEARCH_PATH } from './routes/search.ts';
import { paper } from './routes/papers.ts';
import { papers } from './routes/papers-list.ts';
import { mySignIn } from './routes/my-sign-in.ts';
import { replies } from './routes/replies.ts';
import { sessions } from './routes/sessions.ts';
import { settings } from './routes/settings.ts';
import { signInAgain } from './routes/sign-in-again.ts';
import { providerRights, providerRoutes } from './routes/sign-in-by-provider.ts';
import { passkeyRights, passkeyRoutes } from './routes/sign-in-by-passkey.ts';
import { signInRights, signInRoutes } from './routes/sign-in.ts';
import { sources } from './routes/sources.ts';
import { subscribers } from './routes/subscribers.ts';
import { suppressions } from './routes/suppressions.ts';
import { today } from './routes/today.ts';
import { tokens } from './routes/tokens.ts';
import { topics } from './routes/topics.ts';
import { weather } from './routes/weather.ts';
import { webhooks } from './routes/webhooks.ts';
import { without } from './routes/without.ts';
import { whySection } from './routes/why.ts';
import { noteRights, requireRights, type RouteRight } from './rights.ts';
import { requireAdmin, requireSession } from './session.ts';
import { fromOurPages } from './sign-in-steps.ts';

/** The admin's pages. */
const PAGES = [today, search, subscribers, whySection, editions, sources, digests, papers, paper];
/** Those of the room «more», in the order in which it lists them. */
const MORE_PAGES = [
  suppressions, // a page a line
  deliveries,
  feedback,
  replies,
  weather,
  without,
  topics,
  settings,
  jobs,
  audit,
  mySignIn,
  sessions,
  admins,
  tokens,
  webhooks,
];
const ROOMS = [...PAGES, ...MORE_PAGES];
const SECTIONS: readonly Section[] = [...ROOMS, moreSection(ROOMS)];

/** All that lies behind the sign-in: the menu's pages and those beside it. */
const BEHIND = [...SECTIONS, errands, imports, signInAgain];

/** Where the admin's pages lie. */
export const adminPlaces: readonly Place[] = [
  {
    name: 'admin',
    hidden: true,
    open: [
      /^\/admin\/[a-z-]{1,15}$/,
      /^\/admin\/digests\/(?:\d{1,9}|files)$/,
      /^\/admin\/imports\/(?:\d{1,9}|files)$/,
      /^\/admin\/(?:papers|topics|settings)\/[\w-]{1,60}$/,
    ],
  },
];

/** What each route behind the sign-in asks, by method and path below /admin. */
export const adminRights: ReadonlyMap<string, RouteRight> = new Map(
  BEHIND.flatMap(({ rights = {} }) => Object.entries<RouteRight>(rights)),
);

/** The routes that are open to everybody, by method and path below /admin: those by which one signs in. */
export const openRoutes: readonly string[] = [
  ...firstRights,
  ...passkeyRights,
  ...providerRights,
  ...signInRights,
  ...invitationRights,
];

/**
 * Builds the admin's pages, to be mounted at /admin. Everything but signing in needs a session; every act is written to
 * the audit log.
 */
export function createAdminPages(ctx: Context): Router {
  const router = Router();
  const admin: Admin = { ctx, show: createShow(ctx, [...SECTIONS, imports]) };
  router.use(privatePages('same-origin'));
  router.post(UPLOAD_PATH, requireSession(ctx), takesLonger, readFileBody); // nobody else sends us megabytes
  router.use(UPLOAD_PATH, refuseLargeFile);
  router.post(IMPORT_PATH, requireSession(ctx), takesLonger, receiveImport(ctx)); // to disk, as it comes
  router.post(SEARCH_PATH, requireSession(ctx), readLongBody); // a mail with its headers
  router.use(readBody, fromOurPages(ctx));
  router.use(
    firstRoutes(admin),
    passkeyRoutes(admin),
    providerRoutes(admin),
    signInRoutes(admin),
    invitationRoutes(admin),
  );
  router.use(requireAdmin(ctx), showQuestions(admin));
  router.use(noteRights(BEHIND), requireRights(ctx, admin.show));
  for (const { routes } of BEHIND) router.use(routes(admin));
  router.use(nothingHere(admin));
  return router;
}

/** Says within the admin's pages, with their menu and search, that there is no such page. */
function nothingHere({ show }: Admin): RequestHandler {
  return (req, res) => {
    const title = visitOf(req).words('admin.nothingHere.title');
    show(req, res, { template: 'nothing-here', title, view: {}, status: 404 });
  };
}
