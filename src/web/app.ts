import { Router } from 'express';
import type { Context } from '../context.ts';
import { healthPlaces, healthRoutes } from '../http/health.ts';
import { openKeptTexts } from '../http/kept-texts.ts';
import type { Place } from '../http/places.ts';
import type { ShowPage } from '../http/templates.ts';
import { openRecentPapers } from '../preview/recent-papers.ts';
import { createShow, type Web } from './respond.ts';
import { confirmRoutes } from './routes/confirm.ts';
import { declineRoutes } from './routes/decline.ts';
import { deadLinkRoutes } from './routes/dead-links.ts';
import { digestRoutes } from './routes/digests.ts';
import { feedRoutes } from './routes/feeds.ts';
import { helpRoutes } from './routes/help.ts';
import { homeRoutes } from './routes/home.ts';
import { newsletterRoutes } from './routes/newsletters.ts';
import { outboxRoutes } from './routes/outbox.ts';
import { paperRoutes } from './routes/papers.ts';
import { preferencesRoutes } from './routes/preferences.ts';
import { previewRoutes } from './routes/preview.ts';
import { reactRoutes } from './routes/react.ts';
import { undoRoutes } from './routes/undo.ts';
import { unsubscribeRoutes } from './routes/unsubscribe.ts';

/** Routes that belong together, and where they lie. */
interface Section {
  routes: (web: Web) => Router;
  places: readonly Place[];
}

/** What is served to readers, to strangers and to machines. */
const SECTIONS: readonly Section[] = [
  { routes: healthRoutes, places: healthPlaces },
  { routes: homeRoutes, places: [{ name: 'subscribe' }] },
  { routes: previewRoutes, places: [{ name: 'preview', hidden: true, busy: true, open: [/^\/preview\/newsletter$/] }] },
  { routes: confirmRoutes, places: [{ name: 'confirm', hidden: true }] },
  { routes: declineRoutes, places: [{ name: 'decline', hidden: true }] },
  { routes: undoRoutes, places: [{ name: 'undo', hidden: true }] },
  { routes: preferencesRoutes, places: [{ name: 'preferences', hidden: true }] },
  { routes: unsubscribeRoutes, places: [{ name: 'unsubscribe', hidden: true }] },
  { routes: reactRoutes, places: [{ name: 'react', hidden: true }] },
  { routes: newsletterRoutes, places: [{ name: 'newsletters', hidden: true }] },
  { routes: digestRoutes, places: [{ name: 'digests', open: [/^\/digests\/\d{4}-\d{2}-\d{2}$/] }] },
  { routes: paperRoutes, places: [{ name: 'papers', open: [/^\/papers\/(?:[0-9a-z]{20}|[\w-]{16})$/] }] },
  {
    routes: feedRoutes,
    places: [
      { name: 'feed', hidden: true },
      { name: 'feeds', open: [/^\/feeds\/[a-z-]{1,40}\.(xml|json)$/] },
    ],
  },
  { routes: helpRoutes, places: [{ name: 'help' }] },
  { routes: outboxRoutes, places: [{ name: 'outbox', hidden: true }] },
  { routes: deadLinkRoutes, places: [] },
];

/** Where these pages lie. */
export const webPlaces: readonly Place[] = SECTIONS.flatMap(({ places }) => places);

/** Builds the public pages and the readers' own; `show` shows a page in their frame. */
export function createWebPages(ctx: Context): { routes: Router; show: ShowPage } {
  const web: Web = { ctx, ...createShow(ctx), recentPapers: openRecentPapers(ctx), counted: openKeptTexts() };
  const router = Router();
  for (const { routes } of SECTIONS) router.use(routes(web));
  return { routes: router, show: web.show };
}
