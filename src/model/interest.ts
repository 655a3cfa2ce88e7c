import { trimEndOf } from '../lib/trim.ts';
import { cutText } from './caps.ts';
import { likeKey, type Example } from './example.ts';
import { withInitialsApart } from './initials.ts';
import { STOP_WORDS } from './stop-words.ts';

/**
 * topic: a curated slug · words: free text with "phrases" and -negatives · author, organization: names · like: papers
 * given as examples.
 */
export type InterestKind = 'topic' | 'words' | 'author' | 'organization' | 'like';

/** Longest interest text accepted, in UTF-16 units. */
export const MAX_INTEREST_LENGTH = 200;

/** Most interests (wanted and muted together) one subscriber may hold. */
export const MAX_INTERESTS = 100;

/** An interest as somebody wrote it. */
export interface Wish {
  kind: InterestKind;
  /** The reader's own wording; a topic's slug for kind topic; the first examples' titles for kind like. */
  text: string;
  muted: boolean;
  /** For kind like: what papers are to be like, and what not for. */
  like?: Like;
}

/** Papers given as examples. */
export interface Like {
  examples: readonly Example[];
  /** Names of concepts that they are not examples of. */
  leftOut: readonly string[];
}

/** A shared interest: distinct by kind and canonical key. */
export interface Interest {
  id: number;
  kind: InterestKind;
  key: string;
}

/** What an interest is, without its id: a topic by its slug. */
export type InterestName = Pick<Interest, 'kind' | 'key'>;

/** The parts of a free-words interest. */
export interface WordsQuery {
  /** Loose words, in order, case-folded but for acronyms. */
  words: string[];
  /** Quoted phrases. */
  phrases: string[];
  /** Words and phrases after a minus: a paper holding one is out. */
  negatives: string[];
}

/**
 * Parses free words: `state space "linear attention" -vision`. NFKC; case-folded but for acronyms, which are no mere
 * words («IT», «RAG», «GaN»); never throws.
 */
export function parseWords(text: string): WordsQuery {
  const { words, phrases, negatives } = splitWords(text.normalize('NFKC'));
  const shouted = shouts([...words, ...phrases, ...negatives].join(' '));
  const folded = (parts: readonly string[]) => parts.map((part) => (shouted ? part.toLowerCase() : foldWords(part)));
  return { words: folded(words), phrases: folded(phrases), negatives: folded(negatives) };
}

/** Quotes as keyboards and word processors write them, which say the same as the straight one. */
const QUOTES = /[“”„‟«»]/g;
/** A phrase in quotes, or a word; a dash may be how a program writes the minus in front. */
const PART = /([-−–]?)"([^"]*)"|(\S+)/g;
/**
 * At the beginning a dash is a list's, since what leaves out stands behind what is wanted: only a plain minus, which
 * asks for nothing then, counts there.
 */
const BULLET = /^\s*(?:[−–](?=\.?\p{L}|["“”„‟«»])|-(?=\.[\p{L}\p{N}]|[“”„‟«»]))/u;
/** A minus and what begins a word; behind the other dashes a figure is a number below zero («−20 °C»). */
const LEFT_OUT = /^(?:-\.?[\p{L}\p{N}]|[−–]\.?\p{L})/u;
/** A hyphen that joins a word to what is quoted («“few-shot”-learning») leaves nothing out. */
const JOINED = /^[-−–]+/;
const COMMA = /[,;|]/;
const COMMA_BEHIND = /[,;|]$/;

/** A stretch of free words; a sign is what holds nothing to look for. */
interface Part {
  is: 'word' | 'phrase' | 'negative' | 'sign';
  text: string;
}

function partsOf(text: string): Part[] {
  let quoteEnd = -1;
  return [...text.replace(BULLET, '').replace(QUOTES, '"').matchAll(PART)].flatMap((found): Part[] => {
    const [whole, minus, quoted, bare = ''] = found;
    const isJoined = found.index === quoteEnd;
    if (quoted !== undefined) {
      quoteEnd = found.index + whole.length;
      const phrase = quoted.replace(/\s+/g, ' ').trim();
      return phrase ? [{ is: minus && !isJoined ? 'negative' : 'phrase', text: phrase }] : [];
    }
    return wordIn(isJoined ? bare.replace(JOINED, '') : bare);
  });
}

function wordIn(text: string): Part[] {
  const word = text.replace(/"/g, '');
  if (!LEFT_OUT.test(word)) return [{ is: /[\p{L}\p{N}]/u.test(word) ? 'word' : 'sign', text: word }];
  const negative = trimEndOf(word, COMMA); // the commas behind it are not its own
  const commas = word.slice(negative.length);
  return [{ is: 'negative', text: negative.slice(1) }, ...(commas ? [{ is: 'sign', text: commas } as const] : [])];
}

/** Parses free words in the letters they are written in; a comma by itself parts the words around it. */
function splitWords(text: string): WordsQuery {
  const query: WordsQuery = { words: [], phrases: [], negatives: [] };
  let parted = false;
  for (const { is, text: part } of partsOf(text)) {
    if (is === 'negative') query.negatives.push(part);
    else if (is === 'phrase') query.phrases.push(part);
    else if (is === 'sign') parted ||= COMMA_BEHIND.test(part);
    else {
      const before = query.words.pop();
      if (before !== undefined) query.words.push(parted && !COMMA_BEHIND.test(before) ? `${before},` : before);
      query.words.push(part);
      parted = false;
    }
  }
  return query;
}

/** Returns free words in their order, without quotes and without what is left out; all of it where nothing else is. */
export function withoutLeftOut(text: string): string {
  if (!/["“”„‟«»−–-]/.test(text)) return text; // as nearly all
  const wanted = partsOf(text).filter(({ is }) => is !== 'negative');
  const left = wanted.map(({ text: part }) => part).join(' ');
  return trimEndOf(left.replace(/ (?=[,;]+(?: |$))/g, '').replace(/^[,;| ]+/, ''), /[,;| ]/) || text;
}

/** A text that shouts holds no acronyms. */
function shouts(text: string): boolean {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  return !/\p{Ll}/u.test(text) && words.some((word) => word.length > MAX_ACRONYM);
}

/** Small letters for all but acronyms. */
function foldWords(text: string): string {
  return text.replace(/[\p{L}\p{N}]+/gu, (word) => (isAcronym(word) ? word : word.toLowerCase()));
}

/** Longer words with capitals inside are names («ImageNet»), which nobody writes for something else. */
const MAX_ACRONYM = 6;

/** Tells whether a word is one by its capitals: two of them or more, no other signs, no longer than a few letters. */
export function isAcronym(word: string): boolean {
  return word.length <= MAX_ACRONYM + 1 && /^[A-Z][a-z]*[A-Z][A-Za-z]*$/.test(word) && /^.{1,6}s?$/.test(word);
}

/** Tells whether an interest in words asks for nothing but words that every paper holds («it», «who»). */
export function asksForNothing(text: string): boolean {
  const { words, phrases } = parseWords(text);
  const all = [...words, ...phrases].flatMap((part) => part.match(/[\p{L}\p{N}+#]+/gu) ?? []);
  return all.length > 0 && all.every((word) => STOP_WORDS.has(word));
}

/** What a minus leaves out without quotes around it. */
const BARE = /^[\p{L}\p{N}]\S*(?<![,;|])$/u;

/**
 * Returns the key under which equal interests are shared: NFKC, case-folded but for acronyms, single spaces,
 * negatives sorted last; never stemmed. Initials behind an author's name, told by their capitals, stand apart from it.
 * Empty where the text holds no letter or digit to look for.
 */
export function interestKey(kind: InterestKind, text: string): string {
  if (kind !== 'words') {
    const name = text.normalize('NFKC');
    return (kind === 'author' ? withInitialsApart(name) : name).toLowerCase().replace(/\s+/g, ' ').trim();
  }
  const { words, phrases, negatives } = parseWords(text);
  if (words.length + phrases.length === 0) return '';
  return [
    ...words,
    ...phrases.map((phrase) => `"${phrase}"`),
    ...[...new Set(negatives)].sort().map((negative) => (BARE.test(negative) ? `-${negative}` : `-"${negative}"`)),
  ].join(' ');
}

/** Returns the key of a wish: that of its examples for kind like, else that of its text. */
export function wishKey({ kind, text, like }: Pick<Wish, 'kind' | 'text' | 'like'>): string {
  return kind === 'like' ? likeKey(like?.examples ?? [], like?.leftOut ?? []) : interestKey(kind, text);
}

/** Makes the wish for papers like examples; null where there is none. Its text names the first two. */
export function likeWish(like: Like): Wish | null {
  const named = like.examples.slice(0, 2).map(({ title, arxivId, doi }) => title || arxivId || doi || '');
  if (named.length === 0) return null;
  return { kind: 'like', text: cutText(named.join(' · '), MAX_INTEREST_LENGTH), muted: false, like };
}
