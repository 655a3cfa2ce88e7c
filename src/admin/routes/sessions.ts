import { Router } from 'express';
import { listSessions, type ListedSession, type WhichSessions } from '../../db/operator/admin-sessions.ts';
import { endSessions } from '../../operate/end-sessions.ts';
import { actorOf, atText, backTo, fieldOf, idOf, showRoom } from '../respond.ts';
import type { AdminRoom } from '../room.ts';
import { sessionFrom } from '../../http/session.ts';

const PATH = '/admin/sessions';

/** Serves the open sessions, one's own and those of others; each can be ended, and all but the one in use. */
export function sessionRoutes(room: AdminRoom): Router {
  const { ctx } = room;
  const router = Router();
  router.get('/sessions', async (req, res) => {
    const own = sessionFrom(res);
    const sessions = await listSessions(ctx.db, ctx.now());
    const mine = sessions.filter(({ email }) => email === own.email).map((row) => sessionView(row, own.id));
    const others = sessions.filter(({ email }) => email !== own.email).map((row) => sessionView(row, own.id));
    const view = { mine, others, moreOfMine: mine.length > 1 };
    showRoom(room, req, res, { template: 'sessions', title: 'Sessions', room: PATH, view });
  });
  router.post('/sessions', async (req, res) => {
    const own = sessionFrom(res);
    const which = whichOf(fieldOf(req, 'end'), own);
    if (!which) return backTo(res, PATH, 'No such session.');
    const ended = await endSessions(ctx, which, actorOf(res));
    const told = ended === 1 ? 'One session was ended.' : `${ended} sessions were ended.`;
    backTo(res, PATH, ended === 0 ? 'Nothing changed: no such session is open.' : told);
  });
  return router;
}

/** Reads what the button asks for: one session by its number, `mine` or `all`, these but for the one in use. */
function whichOf(end: string, own: { id: number; email: string }): WhichSessions | null {
  if (end === 'mine') return { email: own.email, exceptId: own.id };
  if (end === 'all') return { exceptId: own.id };
  const id = idOf(end);
  return id === undefined ? null : { id };
}

function sessionView({ id, email, createdAt, lastUsedAt, expiresAt, network, browser }: ListedSession, ownId: number) {
  return {
    ...{ id, email, isThis: id === ownId, network: network ?? 'not noted', browser: browser ?? 'not noted' },
    began: atText(createdAt),
    lastUsed: atText(lastUsedAt ?? createdAt),
    ends: atText(expiresAt),
  };
}
