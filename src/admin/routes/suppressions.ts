import type { Request, Response } from 'express';
import { findSuppression, listSuppressions, type ListedSuppression } from '../../db/subscribers/suppressions.ts';
import { fieldOf } from '../../http/bodies.ts';
import { visitOf } from '../../http/visit.ts';
import { addressHash } from '../../model/address.ts';
import { liftSuppression } from '../../operate/lift-suppression.ts';
import { suppress } from '../../operate/suppress.ts';
import { checkEmail } from '../../subscribers/check-email.ts';
import type { Admin, Section } from '../admin.ts';
import { listRoutes, type AdminList } from '../list.ts';
import { backTo } from '../respond.ts';
import { actorOf } from '../session.ts';

const PATH = '/admin/suppressions';

const LIST: AdminList<ListedSuppression> = {
  ...{ area: 'suppressions', path: PATH, room: 'more', api: '/api/v1/suppressions', template: 'suppressions' },
  columns: ['hash', 'address', 'reason', 'note', 'since'],
  read: (ctx, wish) => listSuppressions(ctx.db, wish),
  cells: ({ addressHash: hash, email, reason, note, at }, { words, when }) => [
    ...[{ code: `${Buffer.from(hash).toString('hex').slice(0, 12)}…` }, email ?? words('admin.suppressions.byHash')],
    ...[words(`admin.suppressions.reason.${reason}`), note ?? '', when(at)],
  ],
};

/** The addresses that get no mail at all; one can be checked, added, or lifted. */
export const suppressions: Section = {
  ...{ area: LIST.area, path: PATH, room: LIST.room },
  rights: { 'GET /suppressions': 'viewer', 'POST /suppressions': 'editor' },
  routes: (admin) => listRoutes(LIST)(admin).post('/suppressions', (req, res) => act(admin, req, res)),
};

async function act(admin: Admin, req: Request, res: Response): Promise<void> {
  const { words } = visitOf(req);
  const email = checkEmail(await fieldOf(req, 'email'));
  if (!email.ok) return backTo(res, PATH, words('admin.suppressions.expected'));
  const told = await doOf(admin, await fieldOf(req, 'action'), email.value, res);
  const reason = told.reason ? words(`admin.suppressions.reason.${told.reason}`) : '';
  backTo(res, PATH, words(`admin.suppressions.told.${told.outcome}`, { reason }));
}

async function doOf({ ctx }: Admin, action: string, email: string, res: Response) {
  if (action === 'lift') return { reason: '', ...(await liftSuppression(ctx, email, actorOf(res))) };
  if (action === 'add') return { reason: '', ...(await suppress(ctx, { email }, actorOf(res))) };
  const reason = await findSuppression(ctx.db, addressHash(ctx.keys.suppression, email));
  return reason ? { outcome: 'is', reason } : { outcome: 'not-suppressed', reason: '' };
}
