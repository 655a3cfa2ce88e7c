import { z } from 'zod';
import {
  findListedSubscriber,
  listSubscribers,
  searchSubscribers,
  type ListedSubscriber,
} from '../../db/subscribers/list.ts';
import { findInterestIds } from '../../db/interests/find-ids.ts';
import { listFiltered } from '../../db/subscribers/filtered.ts';
import type { Context } from '../../context.ts';
import { canonicalDomain } from '../../model/address.ts';
import { addressBeginning, type ReaderFilter } from '../../model/reader-filter.ts';
import { erase } from '../../subscribers/erase.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import { changeReader } from '../../subscribers/change-reader.ts';
import { etagOf, changedMeanwhile, matches, requireMatch } from '../etag.ts';
import { ApiProblem, missing } from '../problem.ts';
import { route, type Answer, type Route } from '../route.ts';
import { listBy, oneOf } from '../schemas/common.ts';
import { readerFilters } from '../schemas/reader-filter.ts';
import { STATUSES, subscriber, subscriberPage, subscriberView } from '../schemas/subscriber.ts';
import { accepted, emailGiven, erased, subscriberChange, subscriberGiven } from '../schemas/subscriber-changes.ts';
import { addReader } from '../sign-up.ts';
import { changedWishes } from '../wishes.ts';

const RESOURCE = 'subscribers';

/** Names a reader in an address. */
export const readerId = z.strictObject({
  id: z
    .string()
    .regex(/^[\w-]{1,40}$/)
    .describe('Id of the reader'),
});

/** Says that nobody has an id. */
export const noReader = () => missing('subscriber with this id');

/** Tells of one reader; its ETag says the same to every token. */
export function readerAnswer(row: ListedSubscriber, seesAddresses: boolean, status = 200): Answer {
  return { status, body: subscriberView(row, seesAddresses), etag: versionOf(row) };
}

/** The address counts by its keyed hash: by one that has no key, whoever may not see it could try addresses. */
const versionOf = (row: ListedSubscriber) =>
  etagOf([subscriberView(row, false), Buffer.from(row.addressHash).toString('hex')]);

const list = route({
  ...{ method: 'get', path: '/subscribers', resource: RESOURCE, scope: 'subscribers:read' },
  does: 'List readers',
  more: '`search` finds an id, or addresses that begin so, and needs addresses:read; `email` finds one address. Only one of the two may be given, and only one of `status` and `state`. With any of the other filters but `status` the newest come first.',
  query: listBy({
    status: z.enum(STATUSES).optional(),
    email: emailGiven.optional(),
    search: z.string().trim().min(1).max(320).optional(),
    ...readerFilters,
  })
    .refine(...oneOf('status', 'state'))
    .refine(...oneOf('email', 'search')),
  answers: { 200: { says: 'A page of readers', schema: subscriberPage } },
  handle: async ({ ctx, query: { status, email, search, limit, cursor, ...filters }, seesAddresses }) => {
    const wish = { limit, cursor };
    if (search !== undefined && !seesAddresses)
      throw new ApiProblem(403, 'search tells what addresses begin with; expected a token with addresses:read');
    const address = email === undefined ? undefined : addressIn(email);
    const filter = await filterOf(ctx, filters);
    const page =
      Object.keys(filter).length > 0
        ? await listFiltered(
            ctx.db,
            { ...(status && { state: status }), ...filter, ...(await whom(ctx, address, search)) },
            { ...wish, now: ctx.now() },
          )
        : search === undefined
          ? await listSubscribers(ctx.db, { ...wish, status, address })
          : await searchSubscribers(ctx.db, search, { ...wish, status });
    const items = page.rows.map((row) => subscriberView(row, seesAddresses));
    return { status: 200, body: { items, next: page.next }, next: page.next };
  },
});

type Filters = z.output<z.ZodObject<typeof readerFilters>>;

async function filterOf(ctx: Context, { interest, domain, ...rest }: Filters): Promise<ReaderFilter> {
  const said = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...(Object.fromEntries(said) as Omit<ReaderFilter, 'interestIds' | 'domain'>),
    ...(interest !== undefined && { interestIds: await findInterestIds(ctx.db, interest) }),
    ...(domain !== undefined && { domain: canonicalDomain(domain) ?? domain }),
  };
}

/** Narrows a list to one address, or by a search: an id names one reader, else it is how addresses begin. */
async function whom(ctx: Context, email: string | undefined, search: string | undefined): Promise<ReaderFilter> {
  if (email !== undefined) return { email };
  if (search === undefined) return {};
  const named = await findListedSubscriber(ctx.db, search);
  return named ? { email: named.email } : { address: addressBeginning(search) };
}

const get = route({
  ...{ method: 'get', path: '/subscribers/{id}', resource: RESOURCE, scope: 'subscribers:read' },
  does: 'Show one reader',
  params: readerId,
  answers: { 200: { says: 'The reader; ETag names this version', schema: subscriber } },
  handle: async ({ ctx, params: { id }, seesAddresses }) => {
    const row = await findListedSubscriber(ctx.db, id);
    if (!row) throw noReader();
    return readerAnswer(row, seesAddresses);
  },
});

const create = route({
  ...{ method: 'post', path: '/subscribers', resource: RESOURCE, scope: 'subscribers:write' },
  does: 'Sign somebody up',
  more: 'Without `consent` the address is asked by mail, and 202 is the answer whoever reads there. With evidence of consent the reader is confirmed at once; somebody known, suppressed or erased is refused with 409.',
  body: subscriberGiven,
  example: { email: 'ada@example.org', topics: ['robotics'], cadence: 'weekly', weekday: 1 },
  answers: {
    201: { says: 'Confirmed by evidence', schema: subscriber },
    202: { says: 'Asked by mail', schema: accepted },
  },
  handle: async ({ ctx, body, by, seesAddresses }) => {
    const made = await addReader(ctx, body, by);
    if (made.outcome === 'confirmed')
      return { ...readerAnswer(made.reader, seesAddresses, 201), location: `/subscribers/${made.reader.publicId}` };
    const view = made.reader && subscriberView(made.reader, seesAddresses);
    return { status: 202, body: { outcome: 'accepted', subscriber: view } };
  },
});

const change = route({
  ...{ method: 'patch', path: '/subscribers/{id}', resource: RESOURCE, scope: 'subscribers:write' },
  does: 'Change schedule and interests',
  more: 'What is left out stays. `interests` replaces all that the reader holds. If-Match names the version that GET gave.',
  params: readerId,
  body: subscriberChange,
  needsMatch: true,
  example: { cadence: 'weekly', weekday: 5 },
  answers: { 200: { says: 'The reader as they are now', schema: subscriber } },
  handle: async ({ ctx, params: { id }, body, by, ifMatch, seesAddresses }) => {
    requireMatch(ifMatch);
    const decide = await changedWishes(ctx, body);
    const guarded = (row: ListedSubscriber) => {
      if (!matches(ifMatch, versionOf(row))) throw changedMeanwhile();
      return decide(row);
    };
    const { reader } = await changeReader(ctx, id, guarded, { actor: by });
    if (!reader) throw noReader();
    return readerAnswer(reader, seesAddresses);
  },
});

const remove = route({
  ...{ method: 'delete', path: '/subscribers/{id}', resource: RESOURCE, scope: 'subscribers:erase' },
  does: 'Erase a person for good',
  more: 'What stays is a keyed hash of the address, so that no import brings it back. It cannot be taken back.',
  params: readerId,
  answers: { 200: { says: 'Erased', schema: erased } },
  handle: async ({ ctx, params: { id }, by }) => {
    const row = await findListedSubscriber(ctx.db, id);
    const { outcome } = row ? await erase(ctx, { email: row.email }, { actor: by }) : { outcome: 'unknown' };
    if (outcome === 'unknown') throw noReader();
    return { status: 200, body: { outcome } };
  },
});

/** Reads an address that a list is narrowed to. */
export function addressIn(email: string): string {
  const checked = checkEmail(email);
  if (checked.ok) return checked.value;
  const detail = checked.problems[0]?.expected ?? 'expected an address';
  throw new ApiProblem(422, 'The parameters cannot be used', { errors: [{ detail, parameter: 'email' }] });
}

/** Readers: list, show, sign up, change, erase. */
export const subscriberRoutes: readonly Route[] = [list, create, get, change, remove];
