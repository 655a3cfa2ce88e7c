import { z } from 'zod';
import { listPapers } from '../../db/digests/paper-list.ts';
import { loadPaper } from '../../db/digests/paper-page.ts';
import { searchPapers } from '../../db/digests/paper-search.ts';
import { listTopics } from '../../db/interests/topics.ts';
import { listInterests } from '../../db/interests/interest-list.ts';
import { missing } from '../problem.ts';
import { route, type Route } from '../route.ts';
import { listBy } from '../schemas/common.ts';
import { interestPage, interestView } from '../schemas/operation.ts';
import { entryPage, entryView, paper, paperView, topic, topicList, topicView } from '../schemas/paper.ts';
import { INTEREST_KINDS } from '../schemas/subscriber.ts';

/** Cursor of a list that comes whole. */
const END = null;

const list = route({
  ...{ method: 'get', path: '/papers', resource: 'papers', scope: 'papers:read' },
  does: 'List papers, the last to come first, or search them',
  query: listBy({ search: z.string().trim().min(1).max(200).optional().describe('Words of title, abstract, authors') }),
  answers: { 200: { says: 'A page of papers, each as it was listed last', schema: entryPage } },
  handle: async ({ ctx, query: { search, ...wish } }) => {
    const page = search === undefined ? await listPapers(ctx.db, wish) : await searchPapers(ctx.db, search, wish);
    return { status: 200, body: { items: page.rows.map(entryView), next: page.next }, next: page.next };
  },
});

const get = route({
  ...{ method: 'get', path: '/papers/{id}', resource: 'papers', scope: 'papers:read' },
  does: 'Show a paper and every list it stood in',
  params: z.strictObject({ id: z.string().regex(/^[\w-]{1,40}$/) }),
  answers: { 200: { says: 'The paper', schema: paper } },
  handle: async ({ ctx, params: { id } }) => {
    const found = await loadPaper(ctx.db, id);
    if (!found) throw missing('paper with this id');
    return { status: 200, body: paperView(found) };
  },
});

const topics = route({
  ...{ method: 'get', path: '/topics', resource: 'topics', scope: 'papers:read' },
  does: 'List the topics on offer',
  answers: { 200: { says: 'All of them', schema: topicList } },
  handle: async ({ ctx }) => {
    const items = (await listTopics(ctx.db)).map(topicView);
    return { status: 200, body: { items, next: END } };
  },
});

const oneTopic = route({
  ...{ method: 'get', path: '/topics/{slug}', resource: 'topics', scope: 'papers:read' },
  does: 'Show a topic',
  params: z.strictObject({ slug: z.string().regex(/^[a-z0-9-]{1,60}$/) }),
  answers: { 200: { says: 'The topic', schema: topic } },
  handle: async ({ ctx, params: { slug } }) => {
    const found = (await listTopics(ctx.db)).find((one) => one.slug === slug);
    if (!found) throw missing('topic with this slug');
    return { status: 200, body: topicView(found) };
  },
});

const interests = route({
  ...{ method: 'get', path: '/interests', resource: 'interests', scope: 'subscribers:read' },
  does: 'List what readers asked for, each thing once, with how many hold it',
  query: listBy({ kind: z.enum(INTEREST_KINDS).optional() }),
  answers: { 200: { says: 'A page of interests', schema: interestPage } },
  handle: async ({ ctx, query: { kind, ...wish } }) => {
    const page = await listInterests(ctx.db, { ...wish, kind });
    return { status: 200, body: { items: page.rows.map(interestView), next: page.next }, next: page.next };
  },
});

/** Papers, topics and interests. */
export const paperRoutes: readonly Route[] = [list, get, topics, oneTopic, interests];
