import type { Config } from '../../config.ts';
import { notesOf } from './notes.ts';
import { links } from '../../links/links.ts';
import { createLru, type Lru } from '../../lib/lru.ts';
import type { Translate } from '../../lib/strings.ts';
import type { Entry } from '../../model/digest.ts';
import { editionKind } from '../../model/edition.ts';
import type { LikeName, NewsletterInput } from '../../model/newsletter.ts';
import type { Detail } from './card-view.ts';
import { dateInWords } from '../text/dates.ts';
import { cutFragment, cutText, slotMark, withRuns, type FragmentInRuns, type SlotValue } from '../wire/fragment.ts';
import { readPaper, type PaperReading } from '../text/paper-reading.ts';
import { wordsIn } from '../text/reading-time.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import type { RenderPart, Templates } from '../render.ts';
import type { Setting } from './reasons-in-words.ts';

/** A card, with the entry and the numbers it shows: its title, why it is there, what it says, its links; or a line. */
export interface Card {
  entryId: number;
  upvotes: number | null;
  comments: number | null;
  pairs: readonly FragmentPair[];
  /** Octets of what was rendered for it; the rest it shares with cards before it. */
  weight: number;
}

/** Cards by the level of their heading, their detail, then by match; those without one by entry. */
export type CardCaches = Record<2 | 3, Record<Detail, Lru<Card, number>>>;

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
}

/** The rendered fragments of newsletters, kept for the next reader who gets the same. */
export interface FragmentCache {
  config: Config;
  templates: Templates;
  kept: Lru<FragmentPair>;
  frames: Lru<Frame>;
  /** By language, whether they hold the reader's links, and what reasons depend on. */
  contexts: Map<string, CardContext>;
  readings: Lru<PaperReading, number>;
  headlines: Lru<Headline>;
}

/** What the fragments of one newsletter have in common: its language and whether the reader's links are in it. */
export interface CardContext {
  cache: FragmentCache;
  language: string;
  personal: boolean;
  setting: Setting;
  cards: CardCaches;
  /** Groups of papers by their interest. */
  groups: Lru<Group, number>;
  t: Translate;
}

/** What stands for an interest: its heading and its places in the line of contents, by how many papers it brought. */
export interface Group {
  /** What it was made of. */
  text: string;
  like: LikeName | undefined;
  title: string;
  heading: FragmentPair;
  inContents: Map<string, FragmentPair>;
}

/**
 * Octets of rendered fragments kept, and of those that cards hold, counted with their encoded forms: some ten thousand
 * each.
 */
const KEPT_OCTETS = 96 * 1024 * 1024;
const KEPT_HEADLINES = 20_000;
const KEPT_READINGS = 2_000;
const KEPT_FRAMES = 200;
const KEPT_GROUPS = 20_000;
/** The encoded form, and its stencils: for numbers of one digit and of two. */
const COPIES = 3;

/** Opens the cache of rendered fragments. */
export function openFragmentCache(config: Config, templates: Templates): FragmentCache {
  return {
    config,
    templates,
    kept: createLru(KEPT_OCTETS, weightOf),
    frames: createLru(KEPT_FRAMES),
    contexts: new Map(),
    readings: createLru(KEPT_READINGS),
    headlines: createLru(KEPT_HEADLINES),
  };
}

/** Returns what the fragments of one newsletter have in common. */
export function cardContextOf(
  cache: FragmentCache,
  as: { language: string; personal: boolean; setting: Setting },
  t: Translate,
): CardContext {
  const look = `${as.language} ${as.personal} ${as.setting.weekly} ${as.setting.hasSubjects}`;
  const kept = cache.contexts.get(look);
  if (kept) return kept;
  const cards = { 2: cardsByDetail(), 3: cardsByDetail() };
  const made = { cache, ...as, cards, groups: createLru<Group, number>(KEPT_GROUPS), t };
  cache.contexts.set(look, made);
  return made;
}

function cardsByDetail(): CardCaches[2] {
  const cards = () => createLru<Card, number>(KEPT_OCTETS, ({ weight }) => weight);
  return { lead: cards(), excerpt: cards(), sentence: cards(), title: cards() };
}

/** Returns everything around the papers. */
export function frameOf(context: CardContext, input: NewsletterInput): Frame {
  const { cache, language, personal, t } = context;
  const notes = notesOf(cache.config, context, input);
  const key = `frame ${personal} ${language} ${input.editionKey} ${input.issuedOn} ${notes.join()}`;
  return cache.frames.get(key, () => {
    const [date, kind] = [dateInWords(input.issuedOn, language, 'full'), editionKind(input.editionKey)];
    const view = {
      language,
      name: cache.config.MAIL_FROM.name,
      homeUrl: links.home(cache.config.PUBLIC_URL),
      heading: kind === 'daily' ? date : t(`mail.heading.${kind}`),
      subheading: kind === 'daily' ? null : date,
      notes,
      personal,
      postal: cache.config.POSTAL_ADDRESS || null,
    };
    const main = renderPair(context, 'main', view);
    const [html, text] = [main.html, main.text].map((part) => part.split(slotMark('body')));
    const half = (at: number) => ({
      html: withRuns(cutFragment(html?.[at] ?? '')),
      text: withRuns(cutText(text?.[at] ?? '')),
    });
    return { top: half(0), bottom: half(1) };
  });
}

/** Returns the octets of a fragment in all its forms. */
export function weightOf({ html, text }: FragmentPair): number {
  return html.octets + html.encoded.length * COPIES + text.octets + text.encoded.length * COPIES + 2_000;
}

/** Returns «n more on the web». */
export function restOf(context: CardContext, count: number, digestOn: string): FragmentPair {
  const digestUrl = links.digest(context.cache.config.PUBLIC_URL, digestOn);
  return pairOf(context, `rest ${count} ${digestOn} ${context.language}`, 'rest', () => ({ count, digestUrl }));
}

/** Returns what a paper says, made readable once. */
export function readingOf(cache: FragmentCache, entry: Entry): PaperReading {
  return cache.readings.get(entry.id, () => readPaper(entry));
}

/** Renders a part of the templates, once for all that is told apart by the key. */
export function pairOf(context: CardContext, key: string, part: string, view: () => object): FragmentPair {
  return context.cache.kept.get(key, () => renderFragments(context, part, view()));
}

/** Renders a part of the templates and cuts it at its slots. */
export function renderFragments(context: CardContext, part: string, view: object): FragmentPair {
  return cutPair([renderPair(context, part, view)]);
}

/** Renders a part of the templates in both forms. */
export function renderPair({ cache, t }: CardContext, part: string, view: object): { html: string; text: string } {
  return {
    html: partOf(cache.templates.html, part)(view, t),
    text: partOf(cache.templates.text, part)(view, t),
  };
}

/** Cuts what was rendered, one behind the other, at its slots. */
export function cutPair(rendered: readonly { html: string; text: string }[]): FragmentPair {
  const text = rendered.map((each) => each.text).join('');
  return {
    html: cutFragment(rendered.map(({ html }) => html).join('')),
    text: cutText(text),
    words: wordsIn(text),
    stencils: [],
  };
}

function partOf(parts: Record<string, RenderPart>, name: string): RenderPart {
  const part = parts[name];
  if (!part) throw new Error(`templates/mail/newsletter has no part «${name}»`);
  return part;
}
