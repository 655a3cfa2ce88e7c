import { z } from 'zod';
import { findDigestId, listDigests, loadDigestNumbered } from '../../db/digests/digests.ts';
import type { Context } from '../../context.ts';
import { storable } from '../../http/parameters.ts';
import { discardDigest } from '../../operate/discard-digest.ts';
import { releaseDigest } from '../../operate/release-digest.ts';
import { uploadDigest } from '../../operate/upload-digest.ts';
import { ApiProblem, missing } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { dayGiven, listBy } from '../schemas/common.ts';
import { answer } from '../schemas/named.ts';
import {
  digest,
  digestPage,
  DIGEST_STATES,
  digestView,
  digestWithEntries,
  digestWithEntriesView,
  sourceName,
} from '../schemas/paper.ts';

const RESOURCE = 'digests';

const digestId = z.strictObject({
  id: z
    .string()
    .regex(/^(?:\d{1,9}|[\w.-]{1,100}:\d{4}-\d{2}-\d{2})$/)
    .describe('Its number, or source and list day: hf:2025-12-31'),
});

/** A digest in an example's address. */
const DIGEST = { id: 'hf:2025-12-31' };

const uploaded = answer(
  'DigestUploaded',
  z.object({ outcome: z.enum(['received', 'known']), job: z.literal('ingest') }),
);

const list = route({
  ...{ method: 'get', path: '/digests', resource: RESOURCE, scope: 'papers:read' },
  does: 'List digests, newest list day first',
  query: listBy({ state: z.enum(DIGEST_STATES).optional(), source: sourceName.optional() }),
  answers: { 200: { says: 'A page of digests', schema: digestPage } },
  handle: async ({ ctx, query: { state, source, ...wish } }) => {
    const page = await listDigests(ctx.db, { ...wish, source, ...(state && { states: [state] }) });
    return { status: 200, body: { items: page.rows.map(digestView), next: page.next }, next: page.next };
  },
});

const get = route({
  ...{ method: 'get', path: '/digests/{id}', resource: RESOURCE, scope: 'papers:read' },
  does: 'Show a digest with what it lists',
  params: digestId,
  exampleAt: DIGEST,
  answers: { 200: { says: 'The digest', schema: digestWithEntries } },
  handle: async ({ ctx, params: { id } }) => {
    const found = await loadDigestNumbered(ctx.db, await numberOf(ctx, id));
    if (!found) throw noDigest();
    return { status: 200, body: digestWithEntriesView(found) };
  },
});

const ACT = {
  ...({ method: 'post', resource: RESOURCE, scope: 'papers:write' } as const),
  params: digestId,
  exampleAt: DIGEST,
  answers: { 200: { says: 'The digest as it is now', schema: digest } },
};

const release = route({
  ...ACT,
  path: '/digests/{id}/release',
  does: 'Let a held digest go to the readers',
  handle: async ({ ctx, params: { id }, by }) => {
    const number = await numberOf(ctx, id);
    const { outcome } = await releaseDigest(ctx, number, by);
    if (outcome === 'unchanged') throw new ApiProblem(409, 'It is not held');
    return asItIs(ctx, number);
  },
});

const discard = route({
  ...ACT,
  path: '/digests/{id}/discard',
  does: 'Keep a digest out of newsletters for good',
  handle: async ({ ctx, params: { id }, by }) => {
    const number = await numberOf(ctx, id);
    const { outcome } = await discardDigest(ctx, number, by);
    if (outcome === 'unchanged') throw new ApiProblem(409, 'It is discarded already');
    return asItIs(ctx, number);
  },
});

const upload = route({
  ...{ method: 'post', path: '/digests', resource: RESOURCE, scope: 'papers:write', takesFile: true },
  does: 'Hand in a file for the ingest job to read',
  more: 'The body is the file, 20 MB at most. What became of it stands in GET /digests once the job has run.',
  query: z.strictObject({
    source: sourceName.describe('Of which source it is'),
    name: z.string().min(1).max(200).describe('Its file name'),
    on: dayGiven.optional().describe('List day, where the file does not say'),
  }),
  exampleAt: { source: 'hf', name: 'digest.json' },
  answers: { 202: { says: 'The job reads it next', schema: uploaded } },
  handle: async ({ ctx, query: { source, name, on }, body, by }) => {
    const bytes = body as unknown as Buffer;
    if (bytes.length === 0) throw new ApiProblem(422, 'The body is empty; expected the bytes of a file');
    const wish = { source, name: storable(name), bytes: new Uint8Array(bytes), on };
    const { outcome } = await uploadDigest(ctx, wish, by);
    return { status: 202, body: { outcome, job: 'ingest' }, location: '/jobs/ingest' };
  },
});

const noDigest = () => missing('digest of this number or name');

async function numberOf(ctx: Context, id: string): Promise<number> {
  const number = await findDigestId(ctx.db, id);
  if (number === null) throw noDigest();
  return number;
}

async function asItIs(ctx: Context, number: number) {
  const found = await loadDigestNumbered(ctx.db, number);
  if (!found) throw noDigest();
  return { status: 200, body: digestView(found) };
}

/** Digests: list, show, hand in, release, discard. */
export const digestRoutes: readonly Route[] = [list, upload, get, release, discard];
