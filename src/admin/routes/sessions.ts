import { Router } from 'express';
import {
  listSessions,
  type AdminSession,
  type ListedSession,
  type WhichSessions,
} from '../../db/operator/admin-sessions.ts';
import { endSessions } from '../../operate/end-sessions.ts';
import { fieldOf } from '../../http/bodies.ts';
import { momentText, whenView } from '../../http/moments.ts';
import { idOf } from '../../http/parameters.ts';
import { visitOf } from '../../http/visit.ts';
import type { Admin, Section } from '../admin.ts';
import { backTo } from '../respond.ts';
import { sayingFor, type Saying } from '../saying.ts';
import { actorOf, sessionFrom } from '../session.ts';
import { visitorText } from '../visitor.ts';

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
    const say = sayingFor(ctx, req);
    const rows = open.map((row) => sessionView(row, own.id, say, ctx.now()));
    const mine = rows.filter(({ email }) => email === own.email);
    const others = rows.filter(({ email }) => email !== own.email);
    const view = { mine, others, moreOfMine: mine.length > 1, owns: own.role === 'owner' };
    show(req, res, { template: 'sessions', title: say.words('admin.sessions.title'), view });
  });
  router.post('/sessions', async (req, res) => {
    const { words } = visitOf(req);
    const own = sessionFrom(res);
    const which = whichOf(await fieldOf(req, 'end'), own);
    if (!which) return backTo(res, PATH, words('admin.sessions.none'));
    const ended = await endSessions(ctx, { ...which, ...reachOf(own) }, actorOf(res));
    backTo(res, PATH, words('admin.sessions.ended', { n: ended }));
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

function sessionView(row: ListedSession, ownId: number, { words, language }: Saying, now: Date) {
  const { id, email, createdAt, lastUsedAt, expiresAt } = row;
  const [network, browser] = [row.network, row.browser].map((noted) =>
    noted === null ? words('admin.sessions.unknown') : visitorText(words, noted),
  );
  const began = momentText(language, createdAt);
  return {
    ...{ id, email, isThis: id === ownId, network, browser, began: whenView(createdAt, now, language) },
    endThis: words('admin.sessions.endThis', { email, browser: browser ?? '', began }),
    lastUsed: whenView(lastUsedAt ?? createdAt, now, language),
    ends: whenView(expiresAt, now, language),
  };
}
