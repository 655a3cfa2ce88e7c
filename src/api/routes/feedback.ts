import { z } from 'zod';
import { listEvents } from '../../db/feedback/list.ts';
import { addressHash } from '../../model/address.ts';
import { DOORS, EFFECTS, FEEDBACK_KINDS } from '../../model/feedback.ts';
import { route, type Route } from '../route.ts';
import { listBy } from '../schemas/common.ts';
import { feedbackPage, feedbackView } from '../schemas/feedback.ts';
import { emailGiven } from '../schemas/subscriber-changes.ts';
import { addressIn } from './subscribers.ts';

const list = route({
  ...{ method: 'get', path: '/feedback', resource: 'feedback', scope: 'editions:read' },
  does: 'List what came back of mails, newest first: refusals, complaints, answers',
  query: listBy({
    kind: z.enum(FEEDBACK_KINDS).optional(),
    door: z.enum(DOORS).optional(),
    effect: z.enum(EFFECTS).optional().describe('`unplaced`: nobody can tell of which mail it speaks'),
    destination: z.string().trim().toLowerCase().max(255).optional().describe('Domain of the address'),
    email: emailGiven.optional(),
  }),
  answers: { 200: { says: 'A page of what came back', schema: feedbackPage } },
  handle: async ({ ctx, query: { email, ...wish }, seesAddresses }) => {
    const canonical = email === undefined ? undefined : addressIn(email);
    const address =
      canonical === undefined ? undefined : { email: canonical, hash: addressHash(ctx.keys.suppression, canonical) };
    const { kind, door, effect, destination, ...paging } = wish;
    const page = await listEvents(ctx.db, { kind, door, effect, destination, address }, paging);
    const items = page.rows.map((row) => feedbackView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

/** What came back. */
export const feedbackRoutes: readonly Route[] = [list];
