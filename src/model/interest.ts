import { cutText } from './caps.ts';
import { likeKey, type Example } from './example.ts';
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
  return splitWords(foldWords(text.normalize('NFKC')));
}

/** Parses free words in the letters they are written in. */
export function splitWords(text: string): WordsQuery {
  const query: WordsQuery = { words: [], phrases: [], negatives: [] };
  for (const found of text.matchAll(/(-?)"([^"]*)"|(\S+)/g)) {
    if (found[2] !== undefined) {
      const phrase = found[2].replace(/\s+/g, ' ').trim();
      if (phrase) (found[1] ? query.negatives : query.phrases).push(phrase);
    } else {
      const word = (found[3] ?? '').replace(/"/g, '');
      if (/^-[\p{L}\p{N}]/u.test(word)) query.negatives.push(word.slice(1));
      else if (/[\p{L}\p{N}]/u.test(word)) query.words.push(word);
    }
  }
  return query;
}

/** Small letters for all but acronyms; a text that shouts holds none. */
function foldWords(text: string): string {
  const words = text.match(/[\p{L}\p{N}]+/gu) ?? [];
  const shouted = !/\p{Ll}/u.test(text) && words.some((word) => word.length > MAX_ACRONYM);
  if (shouted) return text.toLowerCase();
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

/**
 * Returns the key under which equal interests are shared: NFKC, case-folded but for acronyms, single spaces,
 * negatives sorted last; never stemmed. Empty where the text holds no letter or digit to look for.
 */
export function interestKey(kind: InterestKind, text: string): string {
  if (kind !== 'words') return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim();
  const { words, phrases, negatives } = parseWords(text);
  if (words.length + phrases.length === 0) return '';
  return [
    ...words,
    ...phrases.map((phrase) => `"${phrase}"`),
    ...[...new Set(negatives)].sort().map((negative) => (negative.includes(' ') ? `-"${negative}"` : `-${negative}`)),
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
