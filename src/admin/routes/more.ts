import { Router } from 'express';
import { visitOf } from '../../http/visit.ts';
import { atLeast, type Role } from '../../model/role.ts';
import type { Section } from '../admin.ts';
import { sessionFrom } from '../session.ts';

/** Makes the page that leads to everything the menu has no entry of its own for. */
export function moreSection(sections: readonly Section[]): Section {
  const routes: Section['routes'] = ({ show }) => {
    const router = Router();
    router.get('/more', (req, res) => {
      const { words } = visitOf(req);
      const rooms = sections
        .filter((section) => section.room === 'more' && atLeast(sessionFrom(res).role, leastRole(section)))
        .map(({ area, path }) => ({ path, name: words(`admin.${area}.title`), lead: words(`admin.${area}.lead`) }));
      show(req, res, { template: 'more', title: words('admin.room.more'), view: { rooms } });
    });
    return router;
  };
  return { area: 'more', path: '/admin/more', room: 'more', rights: { 'GET /more': 'viewer' }, routes };
}

/** The role that opens a section's first page. */
function leastRole({ path, rights = {} }: Section): Role {
  const right = rights[`GET ${path.replace('/admin', '')}` as keyof typeof rights] ?? 'owner';
  return typeof right === 'string' ? right : right.role;
}
