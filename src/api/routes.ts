import type { Route } from './route.ts';
import { backfillRoutes } from './routes/backfill.ts';
import { digestRoutes } from './routes/digests.ts';
import { editionNoteRoutes } from './routes/edition-note.ts';
import { editionRoutes } from './routes/editions.ts';
import { errandRoutes } from './routes/errands.ts';
import { feedbackRoutes } from './routes/feedback.ts';
import { operationRoutes } from './routes/operation.ts';
import { paperRoutes } from './routes/papers.ts';
import { previewRoutes } from './routes/preview.ts';
import { subscriberActRoutes } from './routes/subscriber-acts.ts';
import { subscriberRoutes } from './routes/subscribers.ts';
import { suppressionRoutes } from './routes/suppressions.ts';
import { whyRoutes } from './routes/why.ts';

/** Every route of the API, in the order of the documentation. */
export const ROUTES: readonly Route[] = [
  ...[...subscriberRoutes, ...subscriberActRoutes],
  ...[...paperRoutes, ...digestRoutes, ...backfillRoutes, ...editionRoutes, ...editionNoteRoutes],
  ...[...feedbackRoutes, ...suppressionRoutes, ...operationRoutes, ...errandRoutes, ...whyRoutes, ...previewRoutes],
];
