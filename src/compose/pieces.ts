import type { Config } from '../config.ts';
import { links } from '../links/links.ts';
import { createLru, type Lru } from '../lib/lru.ts';
import type { Translate } from '../lib/strings.ts';
import type { Entry } from '../model/digest.ts';
import { editionKind } from '../model/edition.ts';
import type { NewsletterInput } from '../model/newsletter.ts';
import type { Detail } from './card-view.ts';
import { dateInWords } from './dates.ts';
import { cutFragment, cutText, slotMark, withRuns, type FragmentInRuns, type SlotValue } from './fragment.ts';
import { readPaper, type PaperReading } from './paper-reading.ts';
import type { Twin } from './plate.ts';
import type { RenderPart, Templates } from './render.ts';

/** A card, with the entry and the numbers it shows: what the paper says, why it is there, its links. */
export interface Card {
  entryId: number;
  upvotes: number | null;
  comments: number | null;
  twins: readonly [says: Twin, why: Twin, links: Twin];
  /** Octets of what was rendered for it; the rest it shares with cards before it. */
  weight: number;
}

/** Cards by the level of their heading, their detail, then by match; those without one by entry. */
export type Shelf = Record<2 | 3, Record<Detail, Lru<Card, number>>>;

/** What stands around the papers. */
export interface Frame {
  top: Record<'html' | 'text', FragmentInRuns>;
  bottom: Record<'html' | 'text', FragmentInRuns>;
}

/** What a newsletter says of itself as a whole. */
export interface Headline {
  subject: string;
  /** The subject, safe in HTML. */
  title: SlotValue;
  preheader: SlotValue;
  summary: { html: SlotValue; text: SlotValue };
}

/** The rendered pieces of newsletters, kept for the next reader who gets the same. */
export interface Pieces {
  config: Config;
  templates: Templates;
  kept: Lru<Twin>;
  frames: Lru<Frame>;
  /** Cards by language and whether they hold the reader's links. */
  shelves: Map<string, Shelf>;
  readings: Lru<PaperReading, number>;
  headlines: Lru<Headline>;
}

/** What pieces of one newsletter have in common: its language and whether the reader's links are in it. */
export interface Setting {
  pieces: Pieces;
  language: string;
  personal: boolean;
  shelf: Shelf;
  t: Translate;
}

/** Octets of rendered pieces kept, and of those that cards hold, counted with their encoded forms: some ten thousand each. */
const KEPT_OCTETS = 96 * 1024 * 1024;
const KEPT_HEADLINES = 20_000;
const KEPT_READINGS = 2_000;
const KEPT_FRAMES = 200;
/** The encoded form, and what is cast from it: for numbers of one digit and of two. */
const COPIES = 3;

/** Opens the store of rendered pieces. */
export function openPieces(config: Config, templates: Templates): Pieces {
  return {
    config,
    templates,
    kept: createLru(KEPT_OCTETS, weightOf),
    frames: createLru(KEPT_FRAMES),
    shelves: new Map(),
    readings: createLru(KEPT_READINGS),
    headlines: createLru(KEPT_HEADLINES),
  };
}

/** Returns what the pieces of one newsletter have in common. */
export function settingOf(pieces: Pieces, language: string, personal: boolean, t: Translate): Setting {
  const look = `${language} ${personal}`;
  const shelf = pieces.shelves.get(look) ?? { 2: cardsByDetail(), 3: cardsByDetail() };
  pieces.shelves.set(look, shelf);
  return { pieces, language, personal, shelf, t };
}

function cardsByDetail(): Shelf[2] {
  const cards = () => createLru<Card, number>(KEPT_OCTETS, ({ weight }) => weight);
  return { excerpt: cards(), sentence: cards(), title: cards() };
}

/** Returns everything around the papers. */
export function frameOf(setting: Setting, input: NewsletterInput): Frame {
  const { pieces, language, personal, t } = setting;
  const notes = (input.notes ?? []).map(({ digestOn, verdict }) => `${digestOn} ${verdict}`);
  const key = `frame ${personal} ${language} ${input.editionKey} ${input.issuedOn} ${notes.join()}`;
  return pieces.frames.get(key, () => {
    const date = dateInWords(input.issuedOn, language, 'full');
    const kind = editionKind(input.editionKey);
    const view = {
      language,
      name: pieces.config.MAIL_FROM.name,
      homeUrl: links.home(pieces.config.PUBLIC_URL),
      heading: kind === 'daily' ? date : t(`mail.heading.${kind}`),
      subheading: kind === 'daily' ? null : date,
      notes: (input.notes ?? []).map((note) =>
        t(`mail.note.${note.verdict}`, { date: dateInWords(note.digestOn, language, 'long') }),
      ),
      personal,
      postal: pieces.config.POSTAL_ADDRESS || null,
    };
    const main = renderTwin(setting, 'main', view);
    const [html, text] = [main.html, main.text].map((part) => part.split(slotMark('body')));
    const half = (at: number) => ({
      html: withRuns(cutFragment(html?.[at] ?? '')),
      text: withRuns(cutText(text?.[at] ?? '')),
    });
    return { top: half(0), bottom: half(1) };
  });
}

/** Returns the octets of a piece in all its forms. */
export function weightOf({ html, text }: Twin): number {
  return html.octets + html.encoded.length * COPIES + text.octets + text.encoded.length * COPIES + 2_000;
}

/** Returns the heading of a group of papers. */
export function groupOf(setting: Setting, title: string): Twin {
  return twinOf(setting, `group ${setting.language} ${title}`, 'group', () => ({ title }));
}

/** Returns «n more on the web». */
export function restOf(setting: Setting, count: number, digestOn: string): Twin {
  const digestUrl = links.digest(setting.pieces.config.PUBLIC_URL, digestOn);
  return twinOf(setting, `rest ${count} ${digestOn} ${setting.language}`, 'rest', () => ({ count, digestUrl }));
}

/** Returns what a paper says, made readable once. */
export function readingOf(pieces: Pieces, entry: Entry): PaperReading {
  return pieces.readings.get(entry.id, () => readPaper(entry));
}

/** Renders a part of the templates, once for all that is told apart by the key. */
export function twinOf(setting: Setting, key: string, part: string, view: () => object): Twin {
  return setting.pieces.kept.get(key, () => renderPiece(setting, part, view()));
}

/** Renders a part of the templates and cuts it at its slots. */
export function renderPiece(setting: Setting, part: string, view: object): Twin {
  return cutTwin([renderTwin(setting, part, view)]);
}

/** Renders a part of the templates in both forms. */
export function renderTwin({ pieces, t }: Setting, part: string, view: object): { html: string; text: string } {
  return {
    html: partOf(pieces.templates.html, part)(view, t),
    text: partOf(pieces.templates.text, part)(view, t),
  };
}

/** Cuts what was rendered, piece behind piece, at its slots. */
export function cutTwin(rendered: readonly { html: string; text: string }[]): Twin {
  return {
    html: cutFragment(rendered.map(({ html }) => html).join('')),
    text: cutText(rendered.map(({ text }) => text).join('')),
    casts: [],
  };
}

function partOf(parts: Record<string, RenderPart>, name: string): RenderPart {
  const part = parts[name];
  if (!part) throw new Error(`templates/mail/newsletter has no part «${name}»`);
  return part;
}
