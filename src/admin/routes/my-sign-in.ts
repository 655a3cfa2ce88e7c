import { Router, type Request, type Response } from 'express';
import { listPasskeys } from '../../db/operator/passkeys.ts';
import { fieldOf } from '../../http/bodies.ts';
import { whenView } from '../../http/moments.ts';
import { idOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import { addPasskey, askForPasskey, removePasskey } from '../../operate/passkeys/add.ts';
import type { Admin, Section } from '../admin.ts';
import { backTo } from '../respond.ts';
import { keepAsked, tokenAsked } from '../challenge-cookie.ts';
import { sessionFrom } from '../session.ts';
import { browserName, visitorText } from '../visitor.ts';

const PATH = '/admin/my-sign-in';

/** One's own ways to sign in: passkeys to add and to remove, by everybody for themselves. */
export const mySignIn: Section = {
  ...{ area: 'my-sign-in', path: PATH, room: 'more' },
  rights: {
    'GET /my-sign-in': 'viewer',
    'POST /my-sign-in': { role: 'viewer', fresh: true },
    'POST /my-sign-in/passkey': { role: 'viewer', fresh: true },
  },
  routes,
};

function routes(admin: Admin): Router {
  const { ctx } = admin;
  const router = Router();
  router.get('/my-sign-in', (req, res) => showMine(admin, req, res));
  router.post('/my-sign-in/passkey', async (_req, res) => {
    const { options, ...asked } = await askForPasskey(ctx, sessionFrom(res));
    keepAsked(ctx, res, asked);
    res.json(options);
  });
  router.post('/my-sign-in', async (req, res) => {
    backTo(res, PATH, visitOf(req).words(`admin.my-sign-in.said.${await act(admin, req, res)}`));
  });
  return router;
}

async function showMine({ ctx, show }: Admin, req: Request, res: Response): Promise<void> {
  const { words, language, visitor } = visitOf(req);
  const { adminId, email } = sessionFrom(res);
  const now = ctx.now();
  const passkeys = (await listPasskeys(ctx.db, adminId)).map(({ id, name, createdAt, lastUsedAt }) => ({
    ...{ id, name, made: whenView(createdAt, now, language) },
    used: lastUsedAt ? whenView(lastUsedAt, now, language) : null,
  }));
  const count = passkeys.length;
  const view = { lead: words('admin.my-sign-in.sentence', { count, email }), passkeys };
  const name = visitorText(words, browserName(visitor.userAgent));
  show(req, res, { template: 'my-sign-in', title: words('admin.my-sign-in.title'), view: { ...view, name } });
}

async function act({ ctx }: Admin, req: Request, res: Response): Promise<string> {
  const holder = sessionFrom(res);
  const action = await fieldOf(req, 'action');
  if (action === 'remove') return (await removePasskey(ctx, holder, idOf(await fieldOf(req, 'id')) ?? 0)).outcome;
  if (action !== 'add') return 'noAct';
  const given = { answer: await fieldOf(req, 'answer'), name: await fieldOf(req, 'name') };
  return (await addPasskey(ctx, holder, { ...given, token: tokenAsked(ctx, req, res) })).outcome;
}
