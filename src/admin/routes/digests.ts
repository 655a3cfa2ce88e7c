import { Router } from 'express';
import { listRejectedCaptures, type RejectedCapture } from '../../db/digests/captures.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { transaction } from '../../db/client.ts';
import { discardDigest, listDigests, releaseDigest } from '../../db/digests/digests.ts';
import { actorOf, atText, backTo, cursorIn, fieldOf, idOf, pagerOf, showRoom } from '../respond.ts';
import type { AdminRoom } from '../room.ts';

const PAGE = 50;

/** Serves the digests with their health; a held one can be released to the readers or discarded. */
export function digestRoutes(room: AdminRoom): Router {
  const { ctx } = room;
  const router = Router();
  router.get('/digests', async (req, res) => {
    const page = await listDigests(ctx.db, { limit: PAGE, cursor: cursorIn(req) });
    const rejected = await listRejectedCaptures(ctx.db, { limit: PAGE, cursor: cursorIn(req, 'rejected') });
    const view = {
      digests: page.rows.map((row) => ({
        ...row,
        arrived: atText(row.arrivedAt),
        reasons: row.reasons.join(' · '),
        isHeld: row.state === 'held',
        isDiscarded: row.state === 'discarded',
      })),
      pager: pagerOf(req, page, { rejected: cursorIn(req, 'rejected') }),
      rejected: rejected.rows.map(rejectedView),
      rejectedPager: pagerOf(req, rejected, { cursor: cursorIn(req) }, 'rejected'),
    };
    showRoom(room, req, res, { template: 'digests', title: 'Digests', room: '/admin/digests', view });
  });
  router.post('/digests/:id', async (req, res) => {
    const id = idOf(req.params['id']);
    const action = fieldOf(req, 'action');
    if (id === undefined || (action !== 'release' && action !== 'discard'))
      return backTo(res, '/admin/digests', 'No such act.');
    const now = ctx.now();
    const done = await transaction(ctx.db, async (tx) => {
      const changed = action === 'release' ? await releaseDigest(tx, id, now) : await discardDigest(tx, id);
      if (!changed) return false;
      await recordAct(tx, { at: now, actor: actorOf(res), action: `digest.${action}`, subject: String(id) });
      if (action === 'release') await ctx.queue.wake('match', tx);
      return true;
    });
    backTo(res, '/admin/digests', done ? `The digest is ${action}d.` : 'Nothing changed: somebody was faster.');
  });
  return router;
}

function rejectedView({ receivedAt, source, name, problem }: RejectedCapture) {
  return { received: atText(receivedAt), source, name, problem };
}
