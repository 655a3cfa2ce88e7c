import { Router } from 'express';
import {
  listSessions,
  type AdminSession,
  type ListedSession,
  type WhichSessions,
} from '../../db/operator/admin-sessions.ts';
import { endSessions } from '../../operate/end-sessions.ts';
import { fieldOf } from '../../http/bodies.ts';
import { idOf } from '../../http/parameters.ts';
import type { Admin, Section } from '../admin.ts';
import { atText, backTo } from '../respond.ts';
import { actorOf, sessionFrom } from '../session.ts';

const PATH = '/admin/sessions';

/**
 * The open sessions, one's own and, for an owner, those of others; each can be ended, and all but the one in use. What
 * others than owners ask for is narrowed to what is theirs.
 */
export const sessions: Section = {
  area: 'sessions',
  path: PATH,
  room: 'more',
  rights: { 'GET /sessions': 'viewer', 'POST /sessions': 'viewer' },
  routes,
};

function routes({ ctx, show }: Admin): Router {
  const router = Router();
  router.get('/sessions', async (req, res) => {
    const own = sessionFrom(res);
    const open = await listSessions(ctx.db, ctx.now(), reachOf(own));
    const mine = open.filter(({ email }) => email === own.email).map((row) => sessionView(row, own.id));
    const others = open.filter(({ email }) => email !== own.email).map((row) => sessionView(row, own.id));
    const view = { mine, others, moreOfMine: mine.length > 1, owns: own.role === 'owner' };
    show(req, res, { template: 'sessions', title: 'Sessions', view });
  });
  router.post('/sessions', async (req, res) => {
    const own = sessionFrom(res);
    const which = whichOf(await fieldOf(req, 'end'), own);
    if (!which) return backTo(res, PATH, 'No such session.');
    const ended = await endSessions(ctx, { ...which, ...reachOf(own) }, actorOf(res));
    const told = ended === 1 ? 'One session was ended.' : `${ended} sessions were ended.`;
    backTo(res, PATH, ended === 0 ? 'Nothing changed: no such session is open.' : told);
  });
  return router;
}

/** Whose sessions somebody may see and end. */
function reachOf({ email, role }: AdminSession): WhichSessions {
  return role === 'owner' ? {} : { email };
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
