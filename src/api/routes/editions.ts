import { z } from 'zod';
import type { SteerOutcome } from '../../db/ledger/edition-acts.ts';
import { findDeliveryDetail } from '../../db/ledger/detail.ts';
import { listDeliveries } from '../../db/ledger/list.ts';
import { findErrand } from '../../db/operator/errands.ts';
import { listNothing } from '../../db/newsletters/nothing.ts';
import { findEdition, listEditions } from '../../db/newsletters/editions.ts';
import { addressHash } from '../../model/address.ts';
import { NOTHING_REASONS } from '../../model/nothing.ts';
import { DELIVERY_STATES, END_REASONS } from '../../model/delivery.ts';
import { cancelEdition } from '../../operate/cancel-edition.ts';
import { pauseEdition } from '../../operate/pause-edition.ts';
import { beginResend } from '../../operate/errands/resend.ts';
import { foreseeResend } from '../../operate/resend.ts';
import { resumeEdition } from '../../operate/resume-edition.ts';
import { ApiProblem, missing } from '../problem.ts';
import { route, type Answer, type Route } from '../route.ts';
import { editionKeyText, listBy, plainList } from '../schemas/common.ts';
import {
  deliveryDetailView,
  deliveryPage,
  deliveryView,
  deliveryWithAttempts,
  withoutPage,
  withoutView,
} from '../schemas/delivery.ts';
import { request } from '../schemas/named.ts';
import { errand, errandView } from '../schemas/errand.ts';
import { edition, editionAct, editionPage, editionView, resendCounts } from '../schemas/operation.ts';
import { emailGiven } from '../schemas/subscriber-changes.ts';
import { addressIn } from './subscribers.ts';

const key = editionKeyText.describe('daily:2025-12-31, weekly:2026-W01, welcome:1');
const editionKey = z.strictObject({ key });

const list = route({
  ...{ method: 'get', path: '/editions', resource: 'editions', scope: 'editions:read' },
  does: 'List editions with their sums, newest first',
  query: plainList,
  answers: { 200: { says: 'A page of editions', schema: editionPage } },
  handle: async ({ ctx, query }) => {
    const page = await listEditions(ctx.db, query);
    return { status: 200, body: { items: page.rows.map(editionView), next: page.next }, next: page.next };
  },
});

const get = route({
  ...{ method: 'get', path: '/editions/{key}', resource: 'editions', scope: 'editions:read' },
  does: 'Show an edition with its sums',
  params: editionKey,
  answers: { 200: { says: 'The edition', schema: edition } },
  handle: async ({ ctx, params }) => {
    const found = await findEdition(ctx.db, params.key);
    if (!found) throw noEdition();
    return { status: 200, body: editionView(found) };
  },
});

const ACTS = {
  pause: { does: 'Stop sending an edition at once; its mails wait', run: pauseEdition },
  resume: { does: 'Go on with a paused edition', run: resumeEdition },
  cancel: { does: 'End an edition for good: what waits is cancelled and its papers return', run: cancelEdition },
};

const acts = Object.entries(ACTS).map(([name, { does, run: steer }]) =>
  route({
    ...{ method: 'post', path: `/editions/{key}/${name}`, resource: 'editions', scope: 'editions:write' },
    does,
    params: editionKey,
    answers: { 200: { says: 'What became of it', schema: editionAct } },
    handle: async ({ ctx, params, by }) => steered(params.key, await steer(ctx, params.key, by)),
  }),
);

const resendGiven = request(
  'Resend',
  z.strictObject({
    only: z.enum(['missed', 'uncertain', 'failed', 'bounced']).describe('Which mails; never one that was sent'),
    dryRun: z.boolean().default(false).describe('Only tell what it would do'),
  }),
);

const again = route({
  ...{ method: 'post', path: '/editions/{key}/resend', resource: 'editions', scope: 'editions:write' },
  does: 'Send mails of an edition again, never to whom it was sent',
  more: 'A dry run answers 200 with the counts. Else it is done in the background: 202 with the errand, whose counts say what was done once it is over.',
  params: editionKey,
  body: resendGiven,
  example: { only: 'failed', dryRun: true },
  answers: {
    200: { says: 'What it would do', schema: resendCounts },
    202: { says: 'It has begun', schema: errand },
  },
  handle: async ({ ctx, params, body: { only, dryRun }, by, seesAddresses }) => {
    const wish = { edition: params.key, only };
    if (dryRun) {
      const counts = await foreseeResend(ctx, wish);
      if (!counts) throw noEdition();
      return { status: 200, body: counts };
    }
    if (!(await findEdition(ctx.db, params.key)) && !(await foreseeResend(ctx, wish))) throw noEdition();
    const begun = await findErrand(ctx.db, await beginResend(ctx, wish, by));
    if (!begun) throw new Error('an errand vanished as it began');
    return { status: 202, body: errandView(begun, seesAddresses), location: `/errands/${begun.id}` };
  },
});

const deliveries = route({
  ...{ method: 'get', path: '/deliveries', resource: 'deliveries', scope: 'editions:read' },
  does: 'List mails in the order they were planned',
  query: listBy({
    edition: key.optional(),
    state: z.enum(DELIVERY_STATES).optional(),
    reason: z.enum(END_REASONS).optional().describe('Why it ended other than by being sent'),
    email: emailGiven.optional(),
  }),
  answers: { 200: { says: 'A page of mails', schema: deliveryPage } },
  handle: async ({ ctx, query: { edition: of, state, reason, email, ...wish }, seesAddresses }) => {
    const hash = email === undefined ? undefined : addressHash(ctx.keys.suppression, addressIn(email));
    const page = await listDeliveries(ctx.db, { edition: of, state, endReason: reason, addressHash: hash }, wish);
    const items = page.rows.map((row) => deliveryView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

const oneDelivery = route({
  ...{ method: 'get', path: '/deliveries/{id}', resource: 'deliveries', scope: 'editions:read' },
  does: 'Show a mail with every try at it',
  params: z.strictObject({ id: z.uuid() }),
  exampleAt: { id: '3f0f6b52-5b0a-4c3e-9d5c-2a4f1c0b7e11' },
  answers: { 200: { says: 'The mail', schema: deliveryWithAttempts } },
  handle: async ({ ctx, params: { id }, seesAddresses }) => {
    const found = await findDeliveryDetail(ctx.db, id);
    if (!found) throw missing('delivery with this id');
    return { status: 200, body: deliveryDetailView(found, seesAddresses) };
  },
});

const nothing = route({
  ...{ method: 'get', path: '/without', resource: 'deliveries', scope: 'editions:read' },
  does: 'List readers who had a slot in an edition and got no mail, since nothing new fitted; newest first',
  more: 'Who they were is kept for ninety days.',
  query: listBy({ edition: key.optional(), reason: z.enum(NOTHING_REASONS).optional() }),
  answers: { 200: { says: 'A page of readers', schema: withoutPage } },
  handle: async ({ ctx, query: { edition: of, reason, ...wish }, seesAddresses }) => {
    const page = await listNothing(ctx.db, { edition: of, reason }, wish);
    const items = page.rows.map((row) => withoutView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

const noEdition = () => missing('edition with this key');

function steered(edition: string, result: SteerOutcome): Answer {
  if (result.outcome === 'unknown') throw noEdition();
  if (result.outcome === 'cancelled') throw new ApiProblem(409, 'It was cancelled for good');
  const deliveries = result.outcome === 'done' ? result.deliveries : 0;
  return { status: 200, body: { edition, outcome: result.outcome, deliveries } };
}

/** Editions and their mails. */
export const editionRoutes: readonly Route[] = [list, get, ...acts, again, deliveries, oneDelivery, nothing];
