import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Response } from 'express';
import { PACKAGE_ROOT } from '../config.ts';

const TEMPLATES = join(PACKAGE_ROOT, 'templates/admin');
const ASSETS = join(PACKAGE_ROOT, 'templates/assets');

/** The rooms of the admin pages, in the order of the menu. */
export const ROOMS = [
  { path: '/admin', name: 'Overview' },
  { path: '/admin/subscribers', name: 'Readers' },
  { path: '/admin/digests', name: 'Digests' },
  { path: '/admin/editions', name: 'Editions' },
  { path: '/admin/deliveries', name: 'Deliveries' },
  { path: '/admin/suppressions', name: 'Suppressions' },
  { path: '/admin/topics', name: 'Topics' },
  { path: '/admin/sessions', name: 'Sessions' },
  { path: '/admin/audit', name: 'Audit' },
] as const;

/** Shows an admin page: its template, its title and what it shows. `email` and `csrf` are null before sign-in. */
export type ShowAdmin = (
  res: Response,
  page: {
    template: string;
    title: string;
    view?: object;
    status?: number;
    email?: string;
    csrf?: string;
    room?: string;
  },
) => void;

/** Compiles the admin's templates (Handlebars: escaping, strict). They share the style sheet of the public pages. */
export function openAdminPages(siteName: string): ShowAdmin {
  const handlebars = Handlebars.create();
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  for (const file of readdirSync(TEMPLATES).filter((name) => name.endsWith('.hbs'))) {
    const name = file.slice(0, -'.hbs'.length);
    const source = readFileSync(join(TEMPLATES, file), 'utf8');
    if (name.startsWith('_')) handlebars.registerPartial(name.slice(1), source);
    else templates.set(name, handlebars.compile(source, { strict: true }));
  }
  const assets = {
    styleUrl: assetUrl('offprint.css'),
    adminStyleUrl: assetUrl('admin.css'),
    iconUrl: assetUrl('icon.svg'),
  };
  return (res, page) => {
    const [inner, layout] = [templates.get(page.template), templates.get('layout')];
    if (!inner || !layout) throw new Error(`No template templates/admin/${page.template}.hbs`);
    const { title, email = '', csrf = '' } = page;
    const rooms = ROOMS.map((room) => ({ ...room, current: room.path === page.room }));
    const body = inner({ csrf, ...page.view });
    res.status(page.status ?? 200).type('html');
    res.send(layout({ title, siteName, email, csrf, rooms, signedIn: email !== '', body, ...assets }));
  };
}

function assetUrl(name: string): string {
  const hash = createHash('sha256')
    .update(readFileSync(join(ASSETS, name)))
    .digest('base64url')
    .slice(0, 10);
  return `/assets/${name}?v=${hash}`;
}
