import type { Config } from '../../config.ts';
import { createLru, type Lru } from '../../lib/lru.ts';
import type { Translate } from '../../lib/strings.ts';
import type { Entry } from '../../model/digest.ts';
import type { LikeName } from '../../model/newsletter.ts';
import type { Detail } from './card-view.ts';
import { cutFragment, cutText, type FragmentInRuns, type SlotValue } from '../wire/fragment.ts';
import { readPaper, type PaperReading } from '../text/paper-reading.ts';
import { wordsIn } from '../text/reading-time.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import type { RenderPart, Templates } from '../render.ts';
import type { Setting } from './reasons-in-words.ts';

/** What a paper says, with the entry and the numbers it shows. */
export interface Says {
  entryId: number;
  upvotes: number | null;
  comments: number | null;
  pair: FragmentPair;
  /** Octets rendered for it: none where others show the same. */
  weight: number;
}

/** What everybody sees of a paper, made as it is needed: the head and links of its card, or its line. */
export interface PaperPieces {
  lead?: FragmentPair;
  card?: FragmentPair;
  row?: FragmentPair;
  numbered?: FragmentPair;
  unnumbered?: FragmentPair;
  lineEnd?: FragmentPair;
}

/** What stands around the papers. */
export interface Frame {
  top: Record<'html' | 'text', FragmentInRuns>;
  bottom: Record<'html' | 'text', FragmentInRuns>;
}

/** Whether reasons name the interest, it stands above, or a line of it and what was found is enough. */
export type Naming = 'named' | 'above' | 'brief';

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
export interface CardContext extends Named {
  cache: FragmentCache;
  language: string;
  personal: boolean;
  setting: Setting;
  /** By the level of the papers' headings, then by entry. */
  papers: Record<2 | 3, Lru<PaperPieces, number>>;
  /** By detail, then by match; those without one by entry. */
  says: Record<Exclude<Detail, 'title'>, Lru<Says, number>>;
  /** What names interests that readers write otherwise than everybody's key, by how they write them. */
  worded: Lru<Named>;
  t: Translate;
}

/** Fragments that name the interest. */
interface Named {
  /** Why papers are there, with the interest named or without, by match; those without one by their numbers. */
  whys: Record<Naming, Lru<FragmentPair, number | string>>;
  /** Groups of papers by their interest. */
  groups: Lru<Group, number>;
}

/** What stands for an interest: its heading and its places in the line of contents, by how many papers it brought. */
export interface Group {
  /** What it was made of. */
  text: string;
  like: LikeName | undefined;
  title: string;
  heading: FragmentPair;
  /** By their number; below 0 for the last of the line. */
  inContents: Map<number, FragmentPair>;
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
const KEPT_WHYS = 100_000;
/** Wordings of readers' own, and what is kept of each, which is of one interest. */
const KEPT_OWN = { wordings: 5_000, ofEach: 1_000 };
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
  const look = [as.language, as.personal, as.setting.weekly, as.setting.hasSubjects].join(' ');
  const kept = cache.contexts.get(look);
  if (kept) return kept;
  const papers = () => createLru<PaperPieces, number>(KEPT_READINGS);
  const says = () => createLru<Says, number>(KEPT_OCTETS, ({ weight }) => weight);
  const made = {
    ...{ cache, ...as, t, ...openNamed(KEPT_WHYS, KEPT_GROUPS), worded: createLru<Named>(KEPT_OWN.wordings) },
    papers: { 2: papers(), 3: papers() },
    says: { lead: says(), excerpt: says(), sentence: says() },
  };
  cache.contexts.set(look, made);
  return made;
}

/** Returns the fragments that name interests as everybody's key has them, or in a reader's own wording. */
export function namesIn(context: CardContext, wording: string | undefined): Named {
  return wording === undefined
    ? context
    : context.worded.get(wording, () => openNamed(KEPT_OWN.ofEach, KEPT_OWN.ofEach));
}

function openNamed(most: number, groups: number): Named {
  const whys = () => createLru<FragmentPair, number | string>(most);
  return { whys: { named: whys(), above: whys(), brief: whys() }, groups: createLru<Group, number>(groups) };
}

/** Returns the octets of a fragment in all its forms. */
export function weightOf({ html, text }: FragmentPair): number {
  return html.octets + html.encoded.length * COPIES + text.octets + text.encoded.length * COPIES + 2_000;
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
