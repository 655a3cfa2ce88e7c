import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Handlebars from 'handlebars';
import mjml2html from 'mjml';
import { PACKAGE_ROOT } from '../config.ts';
import type { StringValues, Translate } from '../lib/strings.ts';
import { slotMark } from './wire/fragment.ts';
import { htmlOf, plainOf, titleHtmlOf, type MarkedText } from './text/marked-text.ts';
import { directionOf } from './text/direction.ts';
import { SOFT_BREAK, underlined, wrap } from './text/text-layout.ts';
import { inlineStyle } from './inline-styles.ts';

/** Renders one part of a template; `t` words its strings. */
export type RenderPart = (view: object, t: Translate) => string;

/** A mail's templates, compiled: `main`, and the parts its `inline` blocks name. */
export interface Templates {
  html: Record<string, RenderPart>;
  text: Record<string, RenderPart>;
}

const FOLDER = join(PACKAGE_ROOT, 'templates', 'mail');

/** `{{#*inline "card"}} … {{/inline}}`: a part, cut out so that it can be rendered, and kept, by itself. */
const INLINE = /\{\{#\*inline "([a-z-]+)"\}\}([\s\S]*?)\{\{\/inline\}\}/g;

/**
 * Compiles the MJML of a mail to HTML once (some 50 ms), and its parts and the hand-written text template to functions
 * (strict: a missing field throws; HTML is escaped). Throws where MJML finds anything to object to.
 */
export async function loadTemplates(name: string): Promise<Templates> {
  const { html } = await mjml2html(readTemplate(`${name}.mjml`), {
    validationLevel: 'strict',
    fonts: {},
    keepComments: false,
  });
  return { html: compileParts(tidy(html), false), text: compileParts(readTemplate(`${name}.txt.hbs`), true) };
}

/** Reads a template's source. */
export function readTemplate(file: string): string {
  return readFileSync(join(FOLDER, file), 'utf8');
}

/** Takes out the indentation that MJML writes: a quarter of the size. */
function tidy(html: string): string {
  return html
    .replace(/[ \t]*\n\s*/g, '\n')
    .replace(/\{\{(#\*inline "[a-z-]+"|\/inline)\}\}\n/g, '{{$1}}')
    .trimEnd()
    .concat('\n');
}

/** Compiles a template and its inline parts; `noEscape` for text. */
export function compileParts(source: string, noEscape: boolean): Record<string, RenderPart> {
  const engine = engineWithHelpers();
  const compile = (template: string): RenderPart => {
    const run = engine.compile(template, { strict: true, noEscape });
    return (view, t) => run(view, { data: { t } });
  };
  const parts: Record<string, RenderPart> = {};
  for (const [, part = '', template = ''] of source.matchAll(INLINE))
    parts[part] = compile(noEscape ? template.replace(/^\n/, '') : template);
  return { ...parts, main: compile(`${source.replace(INLINE, '').trimEnd()}\n`) };
}

interface HelperOptions {
  hash: Record<string, unknown>;
  data: { t: Translate };
}

function engineWithHelpers(): typeof Handlebars {
  const engine = Handlebars.create();
  engine.registerHelper({
    slot: (name: string) => new Handlebars.SafeString(slotMark(name)),
    t: (key: string, options: HelperOptions) => options.data.t(key, valuesOf(options.hash)),
    marked: (text: MarkedText) => new Handlebars.SafeString(htmlOf(text)),
    titled: (text: MarkedText) => new Handlebars.SafeString(titleHtmlOf(text)),
    plain: (text: MarkedText) => plainOf(text),
    css: (name: string) => new Handlebars.SafeString(inlineStyle(name)),
    dirOf: (text: MarkedText) => directionOf(text),
    alignOf: (text: MarkedText) => (directionOf(text) === 'rtl' ? 'right' : 'left'),
    soft: () => SOFT_BREAK,
    wrap: (...texts: unknown[]) => wrap(texts.slice(0, -1).map(String).join('')),
    underlined: (text: string, sign: string) => underlined(text, sign),
    upper: (text: string) => text.toUpperCase(),
    join: (texts: string[], between: string) => texts.join(between),
  });
  return engine;
}

function valuesOf(hash: Record<string, unknown>): StringValues {
  return Object.fromEntries(
    Object.entries(hash).map(([name, value]) => [name, typeof value === 'number' ? value : String(value)]),
  );
}
