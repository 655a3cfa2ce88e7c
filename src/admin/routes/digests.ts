import { Router } from 'express';
import { listRejectedCaptures, type RejectedCapture } from '../../db/digests/captures.ts';
import { listDigests } from '../../db/digests/digests.ts';
import { discardDigest } from '../../operate/discard-digest.ts';
import { releaseDigest } from '../../operate/release-digest.ts';
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
    const act = action === 'release' ? releaseDigest : discardDigest;
    const { outcome } = await act(ctx, id, actorOf(res));
    const said = outcome === 'unchanged' ? 'Nothing changed: somebody was faster.' : `The digest is ${outcome}.`;
    backTo(res, '/admin/digests', said);
  });
  return router;
}

function rejectedView({ receivedAt, source, name, problem }: RejectedCapture) {
  return { received: atText(receivedAt), source, name, problem };
}
