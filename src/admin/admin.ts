import type { Request, Router } from 'express';
import type { Context } from '../context.ts';
import { openTemplates, type Frame, type ShowPage } from '../http/templates.ts';
import { visitOf } from '../http/visit.ts';
import type { Translate } from '../lib/strings.ts';
import { messageIn } from './respond.ts';
import { canSeeAddresses } from '../model/role.ts';
import { maskedText } from '../model/masked.ts';
import type { Rights } from './rights.ts';
import { openedSession } from './session.ts';

/** What every admin route gets: the context, and the way to show a page. */
export interface Admin {
  ctx: Context;
  show: ShowPage;
}

/** The menu, in the order of the operator's questions: did it go out, to whom, what, from where, and the rest. */
const ROOMS = [
  { room: 'today', path: '/admin' },
  { room: 'readers', path: '/admin/subscribers' },
  { room: 'editions', path: '/admin/editions' },
  { room: 'sources', path: '/admin/sources' },
  { room: 'more', path: '/admin/more' },
] as const;

export type Room = (typeof ROOMS)[number]['room'];

/** Some pages of the admin's that belong together, and the routes behind them. */
export interface Section {
  /** Its strings are `admin.<area>.…`: `title` names it, and in the room «more» `lead` says what it is for. */
  area: string;
  path: string;
  /** What each of its routes asks of whoever calls it; one that is left out is an owner's alone, and fails a test. */
  rights?: Rights;
  /** Under which entry of the menu it stands. */
  room: Room;
  routes: (admin: Admin) => Router;
}

interface AdminFrame extends Frame {
  signedIn: boolean;
  email: string;
  csrf: string;
  /** What was searched for. */
  q: string;
  menu: readonly { path: string; name: string; current: boolean }[];
}

/**
 * Makes the function that shows admin pages, with their menu; before sign-in there is none. Who may not
 * see addresses sees none on any page, whatever it forgets to mask.
 */
export function createShow(ctx: Context, sections: readonly Section[]): ShowPage {
  const render = openTemplates<AdminFrame>('admin');
  return (req, res, { template, title, view, status = 200 }) => {
    const { email = '', csrfToken: csrf = '', role = 'owner' } = openedSession(res) ?? {};
    const { words, language } = visitOf(req);
    const frame: AdminFrame = {
      ...{ language, title, siteName: words('admin.name', { site: ctx.config.MAIL_FROM.name }), homeUrl: '/admin' },
      ...{ look: 'admin', styles: ['offprint.css', 'admin.css'], script: email === '' ? '' : 'admin.js' },
      ...{ signedIn: email !== '', email, csrf, q: typeof req.query['q'] === 'string' ? req.query['q'] : '' },
      menu: menuAt(roomOf(req, sections), words),
    };
    const page = render(template, { csrf, title, message: messageIn(req), ...view }, frame);
    res
      .status(status)
      .type('html')
      .send(canSeeAddresses(role) ? page : maskedText(page, email));
  };
}

function menuAt(here: Room | undefined, words: Translate): AdminFrame['menu'] {
  return ROOMS.map(({ room, path }) => ({ path, name: words(`admin.room.${room}`), current: room === here }));
}

/** A page stands in the room of the section whose path is the longest that its own begins with. */
function roomOf(req: Request, sections: readonly Section[]): Room | undefined {
  const here = `${req.baseUrl}${req.path}`.replace(/\/$/, '');
  const around = sections.filter(({ path }) => here === path || (path !== '/admin' && here.startsWith(`${path}/`)));
  return around.sort((a, b) => b.path.length - a.path.length)[0]?.room;
}
