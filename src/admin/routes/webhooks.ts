import { Router, type Request, type Response } from 'express';
import { listEndpoints, findEndpoint, type HookEndpoint } from '../../db/hooks/endpoints.ts';
import { listMessages, type LoggedMessage } from '../../db/hooks/messages.ts';
import { fieldOf, fieldsOf } from '../../http/bodies.ts';
import { momentText } from '../../http/moments.ts';
import { cursorIn } from '../../http/pager.ts';
import { pathPart } from '../../http/parameters.ts';
import { tableOfCells, type Cell } from '../../http/table.ts';
import { visitOf } from '../../http/visit.ts';
import { errorText } from '../../lib/error-text.ts';
import { AppError } from '../../lib/errors.ts';
import { HOOK_EVENTS, LOG_DAYS } from '../../model/hook.ts';
import { keptText } from '../../model/kept-words.ts';
import * as acts from '../../operate/webhooks.ts';
import type { Admin, Section } from '../admin.ts';
import { isSure } from '../ask.ts';
import { adminPager, backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { whyOffText } from '../why-off.ts';

const PATH = '/admin/webhooks';
/** Messages on one page of a log. */
const PAGE = 50;

const FRESH = { role: 'owner', fresh: true } as const;

/** The programs that are told what happens: add, try, rotate, switch, delete one; its log, and sending again. */
export const webhooks: Section = {
  area: 'webhooks',
  path: PATH,
  room: 'more',
  rights: {
    'GET /webhooks': 'editor',
    'GET /webhooks/:id': 'editor',
    'POST /webhooks': FRESH,
    'POST /webhooks/:id': { role: 'owner', acts: { rotate: FRESH, remove: FRESH } },
  },
  routes,
};

const ACTS: Readonly<
  Record<string, (ctx: Admin['ctx'], id: string, by: ReturnType<typeof actorOf>) => Promise<acts.HookOutcome>>
> = {
  test: acts.testWebhook,
  rotate: acts.rotateWebhook,
  on: acts.switchWebhookOn,
  off: acts.switchWebhookOff,
  remove: acts.removeWebhook,
  replay: (ctx, id, by) => acts.replayWebhook(ctx, id, { days: LOG_DAYS }, by),
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/webhooks', (req, res) => showAll(admin, req, res));
  router.post('/webhooks', (req, res) => add(admin, req, res));
  router.get('/webhooks/:id', async (req, res, next) => {
    if (!(await showOne(admin, req, res))) next();
  });
  router.post('/webhooks/:id', (req, res) => act(admin, req, res));
  return router;
}

async function showAll({ ctx, show }: Admin, req: Request, res: Response, problem = ''): Promise<void> {
  const say = sayingFor(ctx, req);
  const { words } = say;
  const rows = (await listEndpoints(ctx.db)).map((endpoint) => endpointView(endpoint, say));
  const failing = rows.filter(({ well }) => !well).length;
  const sentence = words('admin.webhooks.sentence', { n: rows.length, failing });
  const events = Object.keys(HOOK_EVENTS).map((name) => ({ name, when: words(`admin.webhooks.event.${name}`) }));
  const view = { rows, events, problem, sentence, mayAct: isOwners(res) };
  show(req, res, {
    template: 'webhooks',
    title: words('admin.webhooks.title'),
    view,
    status: problem === '' ? 200 : 422,
  });
}

async function add(admin: Admin, req: Request, res: Response): Promise<void> {
  const url = await fieldOf(req, 'url');
  const events = (await fieldsOf(req)).get('event') ?? [];
  try {
    const { endpoint, secret } = await acts.addWebhook(admin.ctx, { url, events }, actorOf(res));
    await showOne(admin, req, res, { id: endpoint.publicId, secret }); // no redirect: it is shown here alone
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await showAll(admin, req, res, errorText(error, visitOf(req).words));
  }
}

async function showOne(
  { ctx, show }: Admin,
  req: Request,
  res: Response,
  { id = pathPart(req, 'id'), secret = '' } = {},
): Promise<boolean> {
  const endpoint = await findEndpoint(ctx.db, id);
  if (!endpoint) return false;
  const say = sayingFor(ctx, req);
  const { words } = say;
  const page = await listMessages(ctx.db, { endpointId: endpoint.id, limit: PAGE, cursor: cursorIn(req) });
  const says = {
    label: words('admin.webhooks.log'),
    columns: ['at', 'event', 'state', 'tries', 'answer'].map((name) => words(`admin.webhooks.column.${name}`)),
    empty: words('admin.webhooks.log.empty'),
  };
  const rows = page.rows.map((message) => messageCells(message, say));
  const log = tableOfCells(says, rows, adminPager(req, page));
  const view = { ...endpointView(endpoint, say), secret, log, mayAct: isOwners(res) };
  show(req, res, { template: 'webhook', title: new URL(endpoint.url).host, view });
  return true;
}

async function act(admin: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const [id, action] = [pathPart(req, 'id'), await fieldOf(req, 'action')];
  const run = Object.hasOwn(ACTS, action) ? ACTS[action] : undefined;
  if (!run) return backTo(res, PATH, words('admin.webhooks.unknown'));
  if (action === 'remove' && !(await isSure(admin, req, res, removeQuestion(req, id)))) return;
  const result = await run(admin.ctx, id, actorOf(res));
  if (result.outcome === 'unknown') return backTo(res, PATH, words('admin.webhooks.unknown'));
  if ('secret' in result) {
    await showOne(admin, req, res, { id, secret: result.secret });
    return;
  }
  const undone = action === 'replay' ? 'nothingFailed' : 'unchanged';
  const said = words(`admin.webhooks.${result.outcome === 'done' ? `did.${action}` : undone}`);
  backTo(res, action === 'remove' ? PATH : `${PATH}/${id}`, said);
}

/** An editor sees how the programs are told; to change that is an owner's. */
function isOwners(res: Response): boolean {
  return sessionFrom(res).role === 'owner';
}

function removeQuestion(req: Request, id: string) {
  const { words } = visitOf(req);
  return {
    title: words('admin.webhooks.remove.title'),
    says: [words('admin.webhooks.remove.says')],
    yes: words('admin.webhooks.remove.yes'),
    no: words('admin.webhooks.remove.no'),
    ...{ back: `${PATH}/${id}`, fields: { action: 'remove' } },
  };
}

function endpointView(endpoint: HookEndpoint, say: Saying) {
  const { words, language } = say;
  const { publicId, url, events, failingSince, offAt, offBecause } = endpoint;
  const state = offAt
    ? words('admin.webhooks.state.off', { because: whyOffText(say, offBecause ?? '') })
    : failingSince
      ? words('admin.webhooks.state.failing', { since: momentText(language, failingSince) })
      : words('admin.webhooks.state.well');
  const all = events.length === Object.keys(HOOK_EVENTS).length;
  const told = all ? words('admin.webhooks.all') : events.join(', ');
  return { id: publicId, url, host: new URL(url).host, told, state, on: offAt === null, well: !offAt && !failingSince };
}

function messageCells({ event, at, state, tries, log }: LoggedMessage, { words, when }: Saying): Cell[] {
  const last = log.at(-1);
  const answer = last ? (last.problem === null ? String(last.status) : keptText(words, last.problem)) : '–';
  return [when(at), { code: event }, words(`admin.webhooks.message.${state}`), tries, answer];
}
