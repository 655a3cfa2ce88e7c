import { z } from 'zod';
import { listSuppressions } from '../../db/subscribers/suppressions.ts';
import { liftSuppression } from '../../operate/lift-suppression.ts';
import { suppress } from '../../operate/suppress.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import { ApiProblem } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { plainList } from '../schemas/common.ts';
import { request } from '../schemas/named.ts';
import { suppressionAct, suppressionPage, suppressionView } from '../schemas/operation.ts';
import { emailGiven } from '../schemas/subscriber-changes.ts';
import { unusable } from '../sign-up.ts';

const RESOURCE = 'suppressions';

const list = route({
  ...{ method: 'get', path: '/suppressions', resource: RESOURCE, scope: 'suppressions:read' },
  does: 'List the addresses that must not be mailed, newest first',
  query: plainList,
  answers: { 200: { says: 'A page of suppressions', schema: suppressionPage } },
  handle: async ({ ctx, query, seesAddresses }) => {
    const page = await listSuppressions(ctx.db, query);
    const items = page.rows.map((row) => suppressionView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

const add = route({
  ...{ method: 'post', path: '/suppressions', resource: RESOURCE, scope: 'suppressions:write' },
  does: 'Stop all mail to an address, what is planned included',
  body: request(
    'SuppressionCreate',
    z.strictObject({ email: emailGiven, note: z.string().trim().max(500).optional().describe('Why') }),
  ),
  example: { email: 'ada@example.org', note: 'asked by phone' },
  answers: { 200: { says: 'What became of it', schema: suppressionAct } },
  handle: async ({ ctx, body: { email, note }, by }) => {
    const result = await suppress(ctx, { email: addressGiven(email), note: note ?? null }, by);
    const { outcome } = result;
    return result.outcome === 'suppressed'
      ? { status: 200, body: { outcome, reason: 'manual', cancelled: result.cancelled } }
      : { status: 200, body: { outcome, reason: result.reason, cancelled: 0 } };
  },
});

const lift = route({
  ...{ method: 'post', path: '/suppressions/lift', resource: RESOURCE, scope: 'suppressions:write' },
  does: 'Let mail go to an address again',
  more: 'Of an erased person only their own new confirmation lifts it: 409.',
  body: request('SuppressionLift', z.strictObject({ email: emailGiven })),
  example: { email: 'ada@example.org' },
  answers: { 200: { says: 'What became of it', schema: suppressionAct } },
  handle: async ({ ctx, body: { email }, by }) => {
    const result = await liftSuppression(ctx, addressGiven(email), by);
    if (result.outcome === 'not-suppressed') throw new ApiProblem(409, 'This address is not suppressed');
    if (result.outcome === 'erased')
      throw new ApiProblem(409, "Erased at the person's wish; only their own new confirmation lifts that");
    return { status: 200, body: { outcome: 'lifted', reason: result.reason, cancelled: 0 } };
  },
});

function addressGiven(email: string): string {
  const checked = checkEmail(email);
  if (!checked.ok) throw unusable(checked.problems);
  return checked.value;
}

/** Suppressions: list, add, lift. */
export const suppressionRoutes: readonly Route[] = [list, add, lift];
