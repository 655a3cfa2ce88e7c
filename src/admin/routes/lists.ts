import { Router } from 'express';
import { listActs } from '../../db/operator/acts-list.ts';
import { listSuppressions } from '../../db/subscribers/suppressions.ts';
import { listTopics } from '../../db/interests/topics.ts';
import { liftSuppression } from '../../operate/lift-suppression.ts';
import { suppress } from '../../operate/suppress.ts';
import { checkEmail } from '../../subscribers/sign-up.ts';
import { actorOf, atText, backTo, cursorIn, fieldOf, pagerOf, showRoom } from '../respond.ts';
import type { AdminRoom } from '../room.ts';

const PAGE = 100;

/** Serves what is kept in lists: suppressions, topics, the audit log. */
export function listRoutes(room: AdminRoom): Router {
  const { ctx } = room;
  const router = Router();
  router.get('/suppressions', async (req, res) => {
    const page = await listSuppressions(ctx.db, { limit: PAGE, cursor: cursorIn(req) });
    const view = {
      suppressions: page.rows.map(({ addressHash, email, reason, note, at }) => ({
        hash: Buffer.from(addressHash).toString('hex').slice(0, 12),
        ...{ reason, email: email ?? 'known by its hash alone', note: note ?? '', at: atText(at) },
      })),
      pager: pagerOf(req, page),
    };
    showRoom(room, req, res, { template: 'suppressions', title: 'Suppressions', room: '/admin/suppressions', view });
  });
  router.post('/suppressions', async (req, res) => {
    const email = checkEmail(fieldOf(req, 'email'));
    if (!email.ok) return backTo(res, '/admin/suppressions', email.problems[0]?.expected ?? 'Expected an address.');
    const by = actorOf(res);
    const lift = fieldOf(req, 'action') === 'lift';
    const { outcome } = lift
      ? await liftSuppression(ctx, email.value, by)
      : await suppress(ctx, { email: email.value }, by);
    backTo(
      res,
      '/admin/suppressions',
      outcome === 'erased'
        ? 'The person had themselves erased: only their own new confirmation lifts that.'
        : `The address is ${outcome.replace('already', 'suppressed already').replace('not-', 'not ')}.`,
    );
  });
  router.get('/topics', async (req, res) => {
    const topics = (await listTopics(ctx.db)).map(({ slug, name, field, description, profile }) => ({
      ...{ slug, name, field, description, terms: profile.length },
    }));
    showRoom(room, req, res, { template: 'topics', title: 'Topics', room: '/admin/topics', view: { topics } });
  });
  router.get('/audit', async (req, res) => {
    const page = await listActs(ctx.db, { limit: PAGE, cursor: cursorIn(req) });
    const view = {
      acts: page.rows.map((row) => ({
        ...{ at: atText(row.at), actor: row.actor, action: row.action, subject: row.subject ?? '' },
        detail: row.detail === null ? '' : JSON.stringify(row.detail),
      })),
      pager: pagerOf(req, page),
    };
    showRoom(room, req, res, { template: 'audit', title: 'Audit log', room: '/admin/audit', view });
  });
  return router;
}
