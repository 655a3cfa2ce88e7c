import type { Config } from '../config.ts';
import { links } from '../lib/links.ts';
import { createLru, type Lru } from '../lib/lru.ts';
import type { Translate } from '../lib/strings.ts';
import type { Entry } from '../model/digest.ts';
import { editionKind } from '../model/edition.ts';
import type { ChosenPaper, NewsletterInput } from '../model/newsletter.ts';
import { cardView, type Detail } from './card-view.ts';
import { dateInWords } from './dates.ts';
import { matchedSentence } from './excerpt.ts';
import { cutFragment, cutText, inlay, slotMark, slotValue, type SlotValue } from './fragment.ts';
import { escapeHtml } from './marked-text.ts';
import { readPaper, type PaperReading } from './paper-reading.ts';
import type { Twin } from './plate.ts';
import { matchedTerms, reasonsInWords } from './reasons-in-words.ts';
import type { RenderPart, Templates } from './render.ts';

/** A card, with the entry and the numbers it shows. */
interface Card {
  entryId: number;
  upvotes: number | null;
  comments: number | null;
  twin: Twin;
}

/** Cards by the level of their heading, their detail, then by match; those without one by entry. */
type Shelf = Record<2 | 3, Record<Detail, Lru<Card, number>>>;

/** What stands around the papers. */
export interface Frame {
  top: Twin;
  bottom: Twin;
}

/** A reader's own words in both forms. */
export interface TwinValue {
  html: SlotValue;
  text: SlotValue;
}

/** The rendered pieces of newsletters, kept for the next reader who gets the same. */
export interface Pieces {
  config: Config;
  templates: Templates;
  kept: Lru<Twin>;
  frames: Lru<Frame>;
  /** Cards by language and whether they hold the reader's links. */
  shelves: Map<string, Shelf>;
  /** Cards that name a paper their reader asked for more of, by all that they show: for others who liked the same. */
  liked: Lru<Twin>;
  readings: Lru<PaperReading, number>;
  words: Lru<TwinValue>;
}

/** What pieces of one newsletter have in common: its language and whether the reader's links are in it. */
export interface Setting {
  pieces: Pieces;
  language: string;
  personal: boolean;
  shelf: Shelf;
  t: Translate;
}

/** Octets of rendered pieces kept, counted with their encoded forms: some ten thousand cards. */
const KEPT_OCTETS = 192 * 1024 * 1024;
const KEPT_WORDS = 20_000;
const KEPT_READINGS = 2_000;
const KEPT_FRAMES = 200;
/** The encoded form, and what is cast from it: for numbers of one digit and of two. */
const COPIES = 3;

/** Opens the store of rendered pieces. */
export function openPieces(config: Config, templates: Templates): Pieces {
  return {
    config,
    templates,
    kept: createLru(KEPT_OCTETS / 4, weightOf),
    frames: createLru(KEPT_FRAMES),
    shelves: new Map(),
    liked: createLru(KEPT_OCTETS / 8, weightOf),
    readings: createLru(KEPT_READINGS),
    words: createLru(KEPT_WORDS),
  };
}

/** Returns what the pieces of one newsletter have in common. */
export function settingOf(pieces: Pieces, language: string, personal: boolean, t: Translate): Setting {
  const look = `${language} ${personal}`;
  const shelf = pieces.shelves.get(look) ?? { 2: row(), 3: row() };
  pieces.shelves.set(look, shelf);
  return { pieces, language, personal, shelf, t };
}

function row(): Shelf[2] {
  const cards = () => createLru<Card, number>(KEPT_OCTETS, ({ twin }) => weightOf(twin));
  return { excerpt: cards(), sentence: cards(), title: cards() };
}

/** Everything around the papers. */
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
    const half = (at: number) => cutTwin([{ html: html?.[at] ?? '', text: text?.[at] ?? '' }]);
    return { top: half(0), bottom: half(1) };
  });
}

/** One paper; `level` is that of its heading. */
export function cardOf(setting: Setting, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Twin {
  const { entry, upvotes, comments, match, reaction } = chosen;
  if (reaction) {
    const as = `${setting.language} ${setting.personal} ${level} ${detail} ${match ? match.id : 0} ${entry.id}`;
    const key = `${as} ${upvotes} ${comments} ${reaction.text}`;
    return setting.pieces.liked.get(key, () => renderCard(setting, chosen, detail, level));
  }
  const make = (): Card => ({
    entryId: entry.id,
    upvotes,
    comments,
    twin: renderCard(setting, chosen, detail, level),
  });
  const card = setting.shelf[level][detail].get(match ? match.id : -entry.id, make);
  // A match is of a paper, which may be listed again another day, and its numbers rise.
  if (card.entryId !== entry.id || card.upvotes !== upvotes || card.comments !== comments) Object.assign(card, make());
  return card.twin;
}

/**
 * A card is what the paper says, from the sentence that matched, with the reasons set into it. Both halves are shared: most matches
 * of a paper show the same sentences, and many papers are there for the same words.
 */
function renderCard(setting: Setting, chosen: ChosenPaper, detail: Detail, level: 2 | 3): Twin {
  const { entry, upvotes, comments } = chosen;
  const reading = readingOf(setting.pieces, entry);
  const at = matchedSentence(reading.sentences, matchedTerms(chosen));
  const { language, personal, t } = setting;
  const key = `card ${language} ${personal} ${entry.id} ${detail} ${level} ${at} ${upvotes} ${comments}`;
  const { html, text } = twinOf(setting, key, 'card', () => {
    const view = cardView(reading, chosen, { detail, at, base: setting.pieces.config.PUBLIC_URL, language }, t);
    const outward = view.discussionUrl !== null || view.codeUrl !== null;
    const acts = personal && detail !== 'title';
    return { ...view, level, personal: acts, outward, hasLinks: acts || outward };
  });
  const reasons = reasonsInWords(chosen, t);
  const why = twinOf(setting, `reasons ${language} ${reasons.join('\n')}`, 'reasons', () => ({ reasons }));
  return { html: inlay(html, 'reasons', why.html), text: inlay(text, 'reasons', why.text), casts: [] };
}

function weightOf({ html, text }: Twin): number {
  return html.octets + html.encoded.length * COPIES + text.octets + text.encoded.length * COPIES + 2_000;
}

/** The heading of a group of papers. */
export function groupOf(setting: Setting, title: string): Twin {
  return twinOf(setting, `group ${setting.language} ${title}`, 'group', () => ({ title }));
}

/** «n more on the web». */
export function restOf(setting: Setting, count: number, digestOn: string): Twin {
  const digestUrl = links.digest(setting.pieces.config.PUBLIC_URL, digestOn);
  return twinOf(setting, `rest ${count} ${digestOn} ${setting.language}`, 'rest', () => ({ count, digestUrl }));
}

/** What a paper says, made readable once. */
export function readingOf(pieces: Pieces, entry: Entry): PaperReading {
  return pieces.readings.get(entry.id, () => readPaper(entry));
}

/** Words that come back in many newsletters, escaped and encoded once. */
export function wordsOf(pieces: Pieces, key: string, words: () => string): TwinValue {
  return pieces.words.get(key, () => twinValue(words()));
}

function twinValue(words: string): TwinValue {
  return { html: slotValue(escapeHtml(words)), text: slotValue(words) };
}

function twinOf(setting: Setting, key: string, part: string, view: () => object): Twin {
  return setting.pieces.kept.get(key, () => render(setting, part, view()));
}

function render(setting: Setting, part: string, view: object): Twin {
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
