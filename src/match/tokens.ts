import { inflectionStem } from './inflection.ts';
import { COMBINING_PREFIXES, STOP_WORDS, TWIN_STEMS } from './spellings.ts';

/** A word of a text: what it is compared by, and where it stands. */
export interface Token {
  /**
   * What the inflected forms of the folded word have in common; a combining prefix is joined to its word («multi-agent» and «multiagent» are one).
   */
  stem: string;
  /** Second form under which the same place can be found: the word behind a combining prefix («agent»). */
  part: string | null;
  /** `=RL` for a word in capitals, so that an acronym isn't mistaken for a word. */
  capital: string | null;
  /** Stretch of the original text, UTF-16 units. */
  start: number;
  end: number;
}

/** Longest word looked at; what is longer is no word. */
const MAX_WORD = 64;

const WORD =
  /\\[a-zA-Z]+|https?:\/\/\S+|[cC](?:\+\+|#)(?![\p{L}\p{N}])|[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}]|[\p{L}\p{N}](?:(?![\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}])[\p{L}\p{N}\p{M}])*(?:['’]s(?![\p{L}\p{N}]))?/gu;

/** The same for a text that holds nothing but ASCII and white space, in a fraction of the time. */
const PLAIN_WORD = /\\[a-zA-Z]+|https?:\/\/\S+|[cC](?:\+\+|#)(?![a-zA-Z0-9])|[a-zA-Z0-9]+(?:'s(?![a-zA-Z0-9]))?/g;

/**
 * Splits a text into words with their places; LaTeX commands and addresses are no words. Linear in the length, never
 * throws.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let prefix: { word: string; start: number; end: number } | null = null;
  for (const found of text.matchAll(/[^ -~\s]/.test(text) ? WORD : PLAIN_WORD)) {
    const raw = found[0];
    if (raw.length > MAX_WORD || raw.startsWith('\\') || /^https?:/.test(raw)) continue;
    const start = found.index;
    const word = fold(raw);
    if (prefix && joins(prefix, text, start, word)) {
      tokens.push({ ...tokenOf(prefix.word + word, raw, prefix.start, start + raw.length), part: stemOf(word) });
      prefix = null;
      continue;
    }
    if (prefix) tokens.push(tokenOf(prefix.word, prefix.word, prefix.start, prefix.end));
    prefix = null;
    if (COMBINING_PREFIXES.has(word)) prefix = { word, start, end: start + raw.length };
    else tokens.push(tokenOf(word, raw, start, start + raw.length));
  }
  if (prefix) tokens.push(tokenOf(prefix.word, prefix.word, prefix.start, prefix.end));
  return tokens;
}

/** Returns the stems of a text, in order. */
export function stemsOf(text: string): string[] {
  return tokenize(text).map((token) => token.stem);
}

/** Returns the stems of a curated term; one in capitals («SSM») is an acronym and matches capitals alone. */
export function termStems(term: string): string[] {
  return /^[A-Z][A-Z0-9]+$/.test(term) ? [`=${term}`] : stemsOf(term);
}

const stems = new Map<string, string>();

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
  return word
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(/['’]s$/u, '')
    .replace(/ß/g, 'ss')
    .replace(/ø/g, 'o')
    .replace(/ł/g, 'l')
    .replace(/æ/g, 'ae')
    .replace(/ı/g, 'i');
}

function tokenOf(word: string, raw: string, start: number, end: number): Token {
  const part = COMPOUND.exec(word)?.[1];
  const capital = /^[A-Z][A-Z0-9]+s?$/.test(raw) ? `=${raw.replace(/s$/, '')}` : null;
  return { stem: stemOf(word), part: part ? stemOf(part) : null, capital, start, end };
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

/**
 * British -ise becomes -ize where it is a verb's ending («optimise», «tokenised»), not part of the word («promise»,
 * «noise»).
 */
function americanSpelling(word: string): string {
  return word.replace(
    /^([a-z]{2,}(?:al|im|ar|or|er|il|an|en|on|et|ic|nt|as|at))is(?=(?:ations?|e|ed|es|er|ers|ing|able)$)/,
    '$1iz',
  );
}
