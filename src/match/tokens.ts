import { americanSpelling } from './british.ts';
import { inflectionStem } from './inflection.ts';
import { COMBINING_PREFIXES, GREEK, SMALL_ACRONYMS, TWIN_STEMS } from './spellings.ts';
import { STOP_WORDS } from '../model/stop-words.ts';

/** A word of a text: what it is compared by, and where it stands. */
export interface Token {
  /**
   * What the inflected forms of the folded word have in common; a combining prefix is joined to its word («multi-agent»
   * and «multiagent» are one).
   */
  stem: string;
  /** Second form under which the same place can be found: the word behind a combining prefix («agent»). */
  part: string | null;
  /** Third one: a combining prefix written apart from its word («bio-inspired», «crypto market»). */
  prefix: string | null;
  /** `=RL`, `=GaN` for a word with two capitals or more, as written but for a plural's s: no acronym is a mere word. */
  capital: string | null;
  /** Stretch of the original text, UTF-16 units. */
  start: number;
  end: number;
}

const stems = new Map<string, string>();

/** Longest word looked at; what is longer is no word. */
const MAX_WORD = 64;

const WORD =
  /\\[a-zA-Z]+|https?:\/\/\S+|(?<![^\s(,/])\.[nN](?:ET|et)(?![\p{L}\p{N}])|[cC]\+\+|[cCfFqQ]#(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])(?:\p{Lu}\.){2,6}(?![\p{L}\p{N}])|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}](?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{N}\p{M}])*(?:[\u00ad\u200b-\u200d\u2060]+(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}\p{sc=Arabic}])\p{L}(?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{N}\p{M}])*)*(?:['’]s(?![\p{L}\p{N}]))?/gu;

/** The same for a text that holds nothing but ASCII and white space, in a fraction of the time. */
const PLAIN_WORD =
  /\\[a-zA-Z]+|https?:\/\/\S+|(?<![^\s(,/])\.[nN](?:ET|et)(?![a-zA-Z0-9])|[cC]\+\+|[cCfFqQ]#(?![a-zA-Z0-9])|(?<![a-zA-Z0-9])(?:[A-Z]\.){2,6}(?![a-zA-Z0-9])|[a-zA-Z0-9]+(?:'s(?![a-zA-Z0-9]))?/g;

/** Soft hyphen, zero-width space and joiners: nothing within a word, but where a script parts words by them. */
const UNSEEN = /[\u00ad\u200b-\u200d\u2060]+/g;

/** A stretch of text that is one word, and the word it is read as. */
interface Piece {
  raw: string;
  word: string;
  start: number;
  end: number;
}

/**
 * Splits a text into words with their places; LaTeX commands and addresses are no words, but Greek letters are their
 * names, however written. Linear in the length, never throws.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const held: { prefix: Piece | null } = { prefix: null };
  const take = (piece: Piece) => {
    const { prefix } = held;
    if (prefix && joins(prefix, text, piece.start, piece.word)) {
      tokens.push(joined(prefix, piece));
      held.prefix = null;
      return;
    }
    if (prefix) tokens.push(tokenOf(prefix));
    held.prefix = COMBINING_PREFIXES.has(piece.word) ? piece : null;
    if (!held.prefix) tokens.push(tokenOf(piece));
  };
  const isPlain = !/[^ -~\s]/.test(text);
  const hides = !isPlain && text.search(UNSEEN) >= 0;
  for (const found of text.matchAll(isPlain ? PLAIN_WORD : WORD)) {
    const [written, start] = [found[0], found.index];
    if (written.length > MAX_WORD || /^https?:/.test(written)) continue;
    const raw = hides ? written.replace(UNSEEN, '') : written;
    if (raw.startsWith('\\') || GREEK_LETTER.test(raw)) for (const piece of greekPieces(written, start)) take(piece);
    else take({ raw, word: fold(raw), start, end: start + written.length });
  }
  if (held.prefix) tokens.push(tokenOf(held.prefix));
  for (let at = 0; at < tokens.length; at++) markLanguage(tokens, at, text);
  return tokens;
}

/** A letter is a language where what stands beside it says so: «R package», «written in C». */
function markLanguage(tokens: Token[], at: number, text: string): void {
  const token = tokens[at];
  if (!token || (token.stem !== 'c' && token.stem !== 'r')) return;
  const next = tokens[at + 1];
  const named = next && /^\s$/.test(text.slice(token.end, next.start)) && BEHIND_LANGUAGE.has(next.stem);
  const writtenIn = tokens[at - 1]?.stem === 'in' && BEFORE_LANGUAGE.has(tokens[at - 2]?.stem ?? '');
  const alone = tokens.length === 1;
  if (named || writtenIn || alone) token.capital = `=${token.stem.toUpperCase()}`;
}

/** Greek, the micro sign and the mathematical alphabets. */
const GREEK_LETTER = /[\p{sc=Greek}µ\u{1D6A8}-\u{1D7CB}]/u;
const GREEK_OR_NOT = /[\p{sc=Greek}µ\u{1D6A8}-\u{1D7CB}]|[^\p{sc=Greek}µ\u{1D6A8}-\u{1D7CB}]+/gu;
const GREEK_NAMES = new Set(GREEK.values());

/** Parts a word at its Greek letters («TNFα»), unless it is a Greek word; of a LaTeX command takes a letter's name. */
function greekPieces(raw: string, start: number): Piece[] {
  if (raw.startsWith('\\')) {
    const word = raw.slice(1).replace(/^var/, '').toLowerCase();
    return GREEK_NAMES.has(word) ? [{ raw, word, start, end: start + raw.length }] : [];
  }
  if (/\p{sc=Greek}{2}/u.test(raw)) return [{ raw, word: fold(raw), start, end: start + raw.length }];
  return [...raw.matchAll(GREEK_OR_NOT)].flatMap((found) => {
    const word = fold(found[0]);
    const at = start + found.index;
    return word === '' ? [] : [{ raw: found[0], word: GREEK.get(word) ?? word, start: at, end: at + found[0].length }];
  });
}

/** Returns the stems of a text, in order. */
export function stemsOf(text: string): string[] {
  return tokenize(text).map((token) => token.stem);
}

const LANGUAGE_WORDS =
  'program programmer language code compiler library package script source standard user developer';
const BEHIND_LANGUAGE = new Set(LANGUAGE_WORDS.split(' ').map((word) => stemOf(word)));
const BEFORE_LANGUAGE = new Set(['written', 'implemented', 'programs', 'code', 'coded'].map((word) => stemOf(word)));

/** Returns the stem of a folded word: of its inflected forms, twin spellings and nearest kin. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const stem = inflectionStem(americanSpelling(word));
  const found = TWIN_STEMS.get(stem) ?? stem;
  if (stems.size > 200_000) stems.clear();
  stems.set(word, found);
  return found;
}

/** Brings a word to the form it is compared in: NFKC, accents off, lower case, no possessive. */
export function fold(word: string): string {
  if (/^[a-zA-Z0-9]+$/.test(word)) return word.toLowerCase();
  const known = folded.get(word);
  if (known !== undefined) return known;
  const found = foldLetters(word);
  if (folded.size > MOST_FOLDED) folded.clear();
  if (word.length <= MAX_WORD) folded.set(word, found);
  return found;
}

const folded = new Map<string, string>();
const MOST_FOLDED = 50_000;

function foldLetters(word: string): string {
  return word
    .normalize('NFKD')
    .replace(/[\p{M}\u00ad\u200b-\u200d\u2060]+/gu, '')
    .toLowerCase()
    .replace(/['’]s$/u, '')
    .replace(/(?<=^|\.)(\p{L})\./gu, '$1')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/æ/g, 'ae')
    .replace(/ı/g, 'i')
    .replace(/đ/g, 'd')
    .replace(/þ/g, 'th')
    .replace(/ð/g, 'd')
    .replace(/œ/g, 'oe')
    .replace(/ς/g, 'σ');
}

function tokenOf({ raw, word, start, end }: Piece): Token {
  const part = COMPOUND.exec(word)?.[1];
  const capital = raw === word ? null : capitalOf(raw);
  const single = capital !== null && /[A-Z0-9]s$/.test(raw) ? word.slice(0, -1) : word;
  return { stem: stemOf(single), part: part ? stemOf(part) : null, prefix: null, capital, start, end };
}

function joined(prefix: Piece, { raw, word, end }: Piece): Token {
  const token = tokenOf({ raw, word: prefix.word + word, start: prefix.start, end });
  return { ...token, part: stemOf(word), prefix: prefix.word };
}

/** Returns a word with two capitals or more as it is looked for, without its plural's s; null for another. */
export function capitalOf(word: string): string | null {
  if (!/[A-Z].*[A-Z]/.test(word)) return null;
  const bare = word
    .normalize('NFKC')
    .replace(/['’]s$|\./g, '')
    .replace(/([A-Z0-9])s$/, '$1');
  return /^[A-Za-z0-9]+$/.test(bare) && !SMALL_ACRONYMS.has(bare.toLowerCase()) ? `=${bare}` : null;
}

/**
 * A prefix joins the next word across one hyphen; across a space only where it is no preposition («over the», «under
 * which»).
 */
function joins(prefix: { word: string; end: number }, text: string, start: number, word: string): boolean {
  if (start - prefix.end !== 1 || !/^[a-z]{3,}$/.test(word)) return false;
  const between = text[prefix.end] ?? '';
  if (/[-‐‑–]/u.test(between)) return true;
  return (
    /\s/u.test(between) && !STOP_WORDS.has(word) && (word.length >= 6 || !/^(?:over|under|post|de)$/.test(prefix.word))
  );
}

/** Prefixes behind which, without a hyphen too, a word of its own can be told. */
const COMPOUND = /^(?:multi|hyper|super|neuro|micro|macro|pseudo|quasi|spatio)([a-z]{5,})$/;
