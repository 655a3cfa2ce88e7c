import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import { PACKAGE_ROOT } from '../config.ts';
import { translator, type StringValues } from '../lib/strings.ts';

const PAGES = join(PACKAGE_ROOT, 'templates/pages');

/** The folder of what pages load: one style sheet, one script, the icon. */
export const ASSETS = join(PACKAGE_ROOT, 'templates/assets');

/** What the frame around every page says. */
export interface Frame {
  language: string;
  title: string;
  description: string;
  /** Whether search engines may list it. */
  listed: boolean;
  /** Address of the page itself, for link previews; '' where it must not be spread. */
  canonicalUrl: string;
  /** Public address of the service, without a trailing slash. */
  base: string;
  siteName: string;
  postalAddress: string;
  /** Whether the mails of this machine can be looked at. */
  outbox: boolean;
  /** Atom feed to announce, or ''. */
  feedUrl: string;
  /** Which entry of the menu is the page: home, digests, preferences or ''. */
  here: string;
}

/** Writes one page: the name of its template, and what that shows. */
export type RenderPage = (name: string, view: object, frame: Frame) => string;

/**
 * Compiles the page templates (Handlebars: escaping, strict, so that a missing field throws instead of vanishing).
 * Each is rendered into `layout`; files whose name starts with _ are partials.
 */
export function openPages(): RenderPage {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('t', sayString);
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  for (const file of readdirSync(PAGES).filter((name) => name.endsWith('.hbs'))) {
    const name = file.slice(0, -'.hbs'.length);
    const source = readFileSync(join(PAGES, file), 'utf8');
    if (name.startsWith('_')) handlebars.registerPartial(name.slice(1), source);
    else templates.set(name, handlebars.compile(source, { strict: true }));
  }
  const assets = {
    styleUrl: assetUrl('offprint.css'),
    scriptUrl: assetUrl('offprint.js'),
    iconUrl: assetUrl('icon.svg'),
  };
  return (name, view, frame) => {
    const data = { t: translator(frame.language) };
    const template = templates.get(name);
    const layout = templates.get(name.startsWith('fragment-') ? name : 'layout');
    if (!template || !layout) throw new Error(`No template templates/pages/${name}.hbs`);
    const inner = template({ ...view, frame: { ...frame, ...assets } }, { data });
    if (layout === template) return inner;
    return layout({ ...frame, ...assets, body: inner, ...menu(frame.here) }, { data });
  };
}

function menu(here: string) {
  return { atHome: here === 'home', atDigests: here === 'digests', atPreferences: here === 'preferences' };
}

function sayString(key: string, options: Handlebars.HelperOptions): string {
  const { t } = options.data as { t: (key: string, values: StringValues) => string };
  return t(key, options.hash as StringValues);
}

/** The content's hash is in the address, so that browsers may keep an asset for ever. */
function assetUrl(name: string): string {
  const hash = createHash('sha256')
    .update(readFileSync(join(ASSETS, name)))
    .digest('base64url')
    .slice(0, 10);
  return `/assets/${name}?v=${hash}`;
}
