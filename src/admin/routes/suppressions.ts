import { Router, type Request, type Response } from 'express';
import { listSuppressions } from '../../db/subscribers/suppressions.ts';
import { fieldOf } from '../../http/bodies.ts';
import { cursorIn } from '../../http/pager.ts';
import { tableOfCells } from '../../http/table.ts';
import { liftSuppression } from '../../operate/lift-suppression.ts';
import { suppress } from '../../operate/suppress.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import type { Admin, Section } from '../admin.ts';
import { adminPager, atText, backTo } from '../respond.ts';
import { actorOf } from '../session.ts';

const PATH = '/admin/suppressions';
const WORDS = {
  label: 'Suppressions',
  columns: ['Hash', 'Address', 'Reason', 'Note', 'Since'],
  empty: 'Nothing is suppressed.',
};

/** The addresses that get no mail at all; one can be added, or lifted. */
export const suppressions: Section = {
  area: 'suppressions',
  path: PATH,
  room: 'more',
  rights: { 'GET /suppressions': 'viewer', 'POST /suppressions': 'editor' },
  routes,
};

function routes(admin: Admin): Router {
  const router = Router();
  router.get('/suppressions', async (req, res) => {
    const page = await listSuppressions(admin.ctx.db, { limit: 100, cursor: cursorIn(req) });
    const rows = page.rows.map(({ addressHash, email, reason, note, at }) => {
      const hash = Buffer.from(addressHash).toString('hex').slice(0, 12);
      return [{ code: `${hash}…` }, email ?? 'known by its hash alone', reason, note ?? '', atText(at)];
    });
    const view = { table: tableOfCells(WORDS, rows, adminPager(req, page)) };
    admin.show(req, res, { template: 'suppressions', title: 'Suppressions', view });
  });
  router.post('/suppressions', (req, res) => act(admin, req, res));
  return router;
}

async function act({ ctx }: Admin, req: Request, res: Response): Promise<void> {
  const email = checkEmail(await fieldOf(req, 'email'));
  if (!email.ok) return backTo(res, PATH, email.problems[0]?.expected ?? 'Expected an address.');
  const by = actorOf(res);
  const lift = (await fieldOf(req, 'action')) === 'lift';
  const { outcome } = lift
    ? await liftSuppression(ctx, email.value, by)
    : await suppress(ctx, { email: email.value }, by);
  const said =
    outcome === 'erased'
      ? 'The person had themselves erased: only their own new confirmation lifts that.'
      : `The address is ${outcome.replace('already', 'suppressed already').replace('not-', 'not ')}.`;
  backTo(res, PATH, said);
}
