import { Router, type Request, type Response } from 'express';
import { findTopicInForce } from '../../db/interests/topic-versions.ts';
import { countTopicReaders } from '../../db/interests/topic-readers.ts';
import { listTopics } from '../../db/interests/topics.ts';
import { fieldOf } from '../../http/bodies.ts';
import { idOf, parameter, pathPart } from '../../http/parameters.ts';
import { reasonsText } from '../../lib/error-text.ts';
import { loadKnowledge } from '../../match/knowledge.ts';
import { tableOfCells } from '../../http/table.ts';
import { visitOf } from '../../http/visit.ts';
import { atLeast } from '../../model/role.ts';
import type { TopicEdit } from '../../model/topic.ts';
import { draftTopic, dropDraft, publishTopic, type TopicOutcome } from '../../operate/edit-topic.ts';
import type { Admin, Section } from '../admin.ts';
import { isSure } from '../ask.ts';
import { precisionView } from '../precision-view.ts';
import { backTo } from '../respond.ts';
import { sayingFor } from '../saying.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { topicState, topicView, type TopicState } from '../topic-view.ts';

const PATH = '/admin/topics';

/** The topics on offer, what readers said of their papers, and a page for each on which it is edited. */
export const topics: Section = {
  area: 'topics',
  path: PATH,
  room: 'more',
  rights: { 'GET /topics': 'viewer', 'GET /topics/:slug': 'viewer', 'POST /topics/:slug': 'editor' },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/topics', (req, res) => showTopics(admin, req, res));
  router.get('/topics/:slug', async (req, res, next) => {
    const state = await stateOf(admin, req);
    if (!state) return next();
    await showTopic(admin, req, res, state, { compare: parameter(req, 'compare') === 'yes' });
  });
  router.post('/topics/:slug', async (req, res, next) => {
    const state = await stateOf(admin, req);
    if (!state) return next();
    await act(admin, req, res, state);
  });
  return router;
}

async function showTopics({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const precision = await precisionView(ctx, sayingFor(ctx, req));
  const { topics: places, concepts } = loadKnowledge(ctx.config.CONCEPTS_FILE).lexicon;
  const rows = (await listTopics(ctx.db)).map(({ slug, name, field, description }) => [
    ...[field, { text: name, href: `${PATH}/${slug}` }, { code: slug }],
    ...[concepts.at(places.get(slug) ?? -1)?.terms.length ?? 0, precision.ofTopic(slug), description],
  ]);
  const word = (column: string) => words(`admin.topics.column.${column}`);
  const columns = [
    word('field'),
    word('name'),
    word('slug'),
    { number: word('terms') },
    word('more'),
    word('description'),
  ];
  const table = tableOfCells({ label: words('admin.topics.title'), columns, empty: words('admin.topics.empty') }, rows);
  show(req, res, {
    template: 'topics',
    title: words('admin.topics.title'),
    view: { table, precision: precision.table },
  });
}

async function stateOf({ ctx }: Admin, req: Request): Promise<TopicState | null> {
  const found = await findTopicInForce(ctx.db, pathPart(req, 'slug'));
  return found && topicState(ctx, found.topic, found.versionId);
}

async function showTopic(
  { ctx, show }: Admin,
  req: Request,
  res: Response,
  state: TopicState,
  how: { compare: boolean; tried?: TopicEdit; problem?: string },
): Promise<void> {
  const mayAct = atLeast(sessionFrom(res).role, 'editor');
  const view = { ...(await topicView(ctx, req, state, how)), mayAct };
  show(req, res, { template: 'topic', title: view.heading, view, status: how.problem ? 422 : 200 });
}

async function act(admin: Admin, req: Request, res: Response, state: TopicState): Promise<void> {
  const { ctx } = admin;
  const { words } = visitOf(req);
  const { slug } = state.topic;
  const by = actorOf(res);
  const action = await fieldOf(req, 'action');
  const done = (outcome: TopicOutcome['outcome']) =>
    backTo(res, `${PATH}/${slug}`, words(`admin.topics.said.${outcome}`));
  if (action === 'draft') {
    const edit = await editIn(req, slug);
    const drafted = await draftTopic(ctx, edit, by);
    if (drafted.outcome !== 'wrong') return done(drafted.outcome);
    const why = drafted.why.length > 0 ? drafted.why : null;
    const problem = reasonsText(why, [drafted.problem], words).join(' ');
    return showTopic(admin, req, res, state, { compare: false, tried: edit, problem });
  }
  if (action === 'drop') return done((await dropDraft(ctx, slug, by)).outcome);
  if (action !== 'publish') return done('unknown');
  const version = await fieldOf(req, 'version');
  if (!(await mayPublish(admin, req, res, state, version))) return;
  const id = version === 'release' ? null : (idOf(version) ?? -1);
  done((await publishTopic(ctx, slug, id, by)).outcome);
}

async function editIn(req: Request, slug: string): Promise<TopicEdit> {
  const line = async (name: string) => (await fieldOf(req, name)).replace(/\s+/g, ' ').trim();
  const terms = (await fieldOf(req, 'terms')).split(/\r?\n/).map((term) => term.replace(/\s+/g, ' ').trim());
  return {
    ...{ slug, name: await line('name'), description: await line('description') },
    terms: [...new Set(terms.filter(Boolean))],
  };
}

async function mayPublish(admin: Admin, req: Request, res: Response, state: TopicState, version: string) {
  const { words } = visitOf(req);
  const { slug, name } = state.topic;
  return isSure(admin, req, res, {
    title: words('admin.topics.ask.title', { name }),
    says: [
      words('admin.topics.ask.readers', { n: await countTopicReaders(admin.ctx.db, slug) }),
      words('admin.topics.ask.anew'),
      words('admin.topics.ask.back'),
    ],
    yes: words('admin.topics.publish'),
    no: words('admin.topics.ask.no'),
    back: `${PATH}/${slug}`,
    fields: { action: 'publish', version },
  });
}
