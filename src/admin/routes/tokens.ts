import { Router, type Request, type Response } from 'express';
import { listTokens, type ApiToken } from '../../db/operator/api-tokens.ts';
import { fieldOf, fieldsOf } from '../../http/bodies.ts';
import { visitOf } from '../../http/visit.ts';
import { errorText } from '../../lib/error-text.ts';
import { AppError } from '../../lib/errors.ts';
import { SCOPES } from '../../model/scope.ts';
import { createToken, TOKEN_DAYS } from '../../operate/create-token.ts';
import { revokeToken } from '../../operate/revoke-token.ts';
import type { Admin, Section } from '../admin.ts';
import { isSure } from '../ask.ts';
import { backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf } from '../session.ts';

const PATH = '/admin/tokens';

/** The programs that may ask the API: make a token, which is shown once, and end one. */
export const tokens: Section = {
  area: 'tokens',
  path: PATH,
  room: 'more',
  rights: {
    'GET /tokens': 'owner',
    'POST /tokens': { role: 'owner', fresh: true },
    'POST /tokens/revoke': { role: 'owner', fresh: true },
  },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/tokens', (req, res) => showTokens(admin, req, res));
  router.post('/tokens', (req, res) => create(admin, req, res));
  router.post('/tokens/revoke', (req, res) => revoke(admin, req, res));
  return router;
}

/** What is shown beside the list: a token that was just made, or what is wrong with the form. */
interface Beside {
  secret?: string;
  problem?: string;
}

async function showTokens({ ctx, show }: Admin, req: Request, res: Response, beside: Beside = {}): Promise<void> {
  const { secret = '', problem = '' } = beside;
  const say = sayingFor(ctx, req);
  const { words } = say;
  const rows = (await listTokens(ctx.db)).map((token) => tokenView(token, say, ctx.now()));
  const scopes = Object.keys(SCOPES).map((name) => ({
    name,
    lets: words(`admin.tokens.scope.${name.replace(':', '.').replace('*', 'all')}`),
  }));
  const sentence = words('admin.tokens.sentence', { n: rows.filter(({ works }) => works).length });
  const view = { rows, scopes, secret, problem, days: TOKEN_DAYS, sentence };
  show(req, res, { template: 'tokens', title: words('admin.tokens.title'), view, status: problem === '' ? 200 : 422 });
}

async function create(admin: Admin, req: Request, res: Response): Promise<void> {
  const [name, days] = [await fieldOf(req, 'name'), await fieldOf(req, 'days')];
  const scopes = (await fieldsOf(req)).get('scope') ?? [];
  try {
    const wish = { name, scopes, days: days === '' ? TOKEN_DAYS : Number(days) };
    const { secret } = await createToken(admin.ctx, wish, actorOf(res));
    await showTokens(admin, req, res, { secret }); // no redirect: it is shown this once
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    await showTokens(admin, req, res, { problem: errorText(error, visitOf(req).words) });
  }
}

async function revoke(admin: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const name = await fieldOf(req, 'name');
  const question = {
    title: words('admin.tokens.revoke.title', { name }),
    says: [words('admin.tokens.revoke.says')],
    yes: words('admin.tokens.revoke.yes'),
    no: words('admin.tokens.revoke.no'),
    ...{ back: PATH, fields: { name } },
  };
  if (!(await isSure(admin, req, res, question))) return;
  const { outcome } = await revokeToken(admin.ctx, name, actorOf(res));
  backTo(res, PATH, words(`admin.tokens.${outcome}`, { name }));
}

function tokenView(token: ApiToken, { words, moment }: Saying, now: Date) {
  const { name, scopes, expiresAt, lastUsedAt, revokedAt } = token;
  const state = revokedAt ? 'ended' : expiresAt <= now ? 'expired' : 'works';
  return {
    ...{ name, scopes: scopes.join(', '), works: state === 'works', state: words(`admin.tokens.state.${state}`) },
    ...{ expires: moment(expiresAt), used: lastUsedAt && moment(lastUsedAt) },
  };
}
