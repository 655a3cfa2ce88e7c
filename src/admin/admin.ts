import type { Request, Router } from 'express';
import type { Context } from '../context.ts';
import { openTemplates, type Frame, type ShowPage } from '../http/templates.ts';
import { messageIn } from './respond.ts';
import { canSeeAddresses } from '../model/role.ts';
import { maskAddresses } from '../model/mask-address.ts';
import type { Rights } from './rights.ts';
import { openedSession } from './session.ts';

/** What every admin route gets: the context, and the way to show a page. */
export interface Admin {
  ctx: Context;
  show: ShowPage;
}

/** One entry of the menu, and the routes behind it. */
export interface Section {
  name: string;
  path: string;
  /** What each of its routes asks of whoever calls it; one that is left out is an owner's alone, and fails a test. */
  rights?: Rights;
  routes: (admin: Admin) => Router;
}

interface AdminFrame extends Frame {
  signedIn: boolean;
  email: string;
  csrf: string;
  menu: readonly { path: string; name: string; current: boolean }[];
}

/**
 * Makes the function that shows admin pages, with the menu of their sections; before sign-in there is none. Who may not
 * see addresses sees none on any page, whatever it forgets to mask.
 */
export function createShow(ctx: Context, sections: readonly Section[]): ShowPage {
  const render = openTemplates<AdminFrame>('admin');
  return (req, res, { template, title, view, status = 200 }) => {
    const { email = '', csrfToken: csrf = '', role = 'owner' } = openedSession(res) ?? {};
    const frame: AdminFrame = {
      ...{ language: 'en', title, siteName: `${ctx.config.MAIL_FROM.name} admin`, homeUrl: '/admin' },
      ...{ look: 'admin', styles: ['offprint.css', 'admin.css'], script: '' },
      ...{ signedIn: email !== '', email, csrf, menu: menuAt(req, sections) },
    };
    const page = render(template, { csrf, message: messageIn(req), ...view }, frame);
    res
      .status(status)
      .type('html')
      .send(canSeeAddresses(role) ? page : maskAddresses(page, email));
  };
}

function menuAt(req: Request, sections: readonly Section[]): AdminFrame['menu'] {
  const here = `${req.baseUrl}/${req.path.split('/')[1] ?? ''}`.replace(/\/$/, '');
  return sections.map(({ path, name }) => ({ path, name, current: path === here }));
}
