import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import type { Request, Response } from 'express';
import { PACKAGE_ROOT } from '../config.ts';
import { translator, type StringValues } from '../lib/strings.ts';
import { assetUrl } from './assets.ts';

const TEMPLATES = join(PACKAGE_ROOT, 'templates');

/** A page as a route describes it: its template, its title, and what it shows. */
export interface PlainPage {
  template: string;
  title: string;
  view?: object;
  /** 200 where there is none. */
  status?: number;
  /** The reader's own language; else the visitor's. */
  language?: string;
}

/** Shows a page in the frame of the pages around it. */
export type ShowPage = (req: Request, res: Response, page: PlainPage) => void;

/** What the frame around every page says; the partials `head`, `menu` and `foot` of each folder say more. */
export interface Frame {
  language: string;
  title: string;
  siteName: string;
  homeUrl: string;
  /** Class of the whole page, by which style sheets tell folders apart; '' for none. */
  look: string;
  /** Assets that every page of the folder loads. */
  styles: readonly string[];
  /** '' for none. */
  script: string;
}

/** Writes one page: the name of its template, what that shows, and the frame around it. */
export type RenderPage<F extends Frame> = (name: string, view: object, frame: F) => string;

/**
 * Compiles the page templates of a folder and the shared ones (Handlebars: escaping, strict, so that a missing field
 * throws instead of vanishing). Each is rendered into the shared `frame`, but for those named `fragment-…`. Files whose
 * name starts with _ are partials.
 */
export function openTemplates<F extends Frame>(folder: string): RenderPage<F> {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('t', sayString);
  handlebars.registerHelper('asset', (name: string) => assetUrl(name));
  const templates = new Map<string, Handlebars.TemplateDelegate>();
  for (const { name, source } of [...sourcesIn('shared'), ...sourcesIn(folder)]) {
    if (name.startsWith('_')) handlebars.registerPartial(name.slice(1), source);
    else templates.set(name, handlebars.compile(source, { strict: true }));
  }
  return (name, view, frame) => {
    const data = { t: translator(frame.language) };
    const [template, around] = [templates.get(name), templates.get('frame')];
    if (!template || !around) throw new Error(`No template templates/${folder}/${name}.hbs`);
    const body = template({ ...view, frame }, { data });
    return name.startsWith('fragment-') ? body : around({ ...frame, body }, { data });
  };
}

function sourcesIn(folder: string): { name: string; source: string }[] {
  return readdirSync(join(TEMPLATES, folder))
    .filter((file) => file.endsWith('.hbs'))
    .map((file) => ({
      name: file.slice(0, -'.hbs'.length),
      source: readFileSync(join(TEMPLATES, folder, file), 'utf8'),
    }));
}

function sayString(key: string, options: Handlebars.HelperOptions): string {
  const { t } = options.data as { t: (key: string, values: StringValues) => string };
  return t(key, options.hash as StringValues);
}
