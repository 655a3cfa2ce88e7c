import { isAcronym, parseWords } from '../model/interest.ts';
import { SAME, type Equivalents } from './equivalents.ts';
import { listedParts, readNegated } from '../model/negation.ts';
import { STOP_WORDS } from '../model/stop-words.ts';
import type { PaperIndex } from './paper-index.ts';
import { spelledForms, type Form } from './spelled.ts';
import { clausesOf } from './clauses.ts';
import { fold, stemOf, tokenize, type Token } from './tokens.ts';

/** One thing asked for: words that belong together. «graph neural networks, drug discovery» has two. */
export interface Facet {
  stems: readonly string[];
  /** As the reader wrote it, folded. */
  text: string;
  /** Places of the words that tell a subject. */
  content: readonly number[];
  /** What may stand in for all of the facet or a part of it, beside the facet itself. */
  forms: readonly Form[];
  /** Whether the reader's own words reach over the end of a clause, as a whole title does. */
  across: boolean;
  /** A quoted phrase: a paper without it, or what means the very same, is out. */
  required: boolean;
}

/** A free-words interest, ready to be matched. */
export interface Query {
  facets: readonly Facet[];
  /** Phrases of which a paper may hold none, each with what means the very same. */
  excluded: readonly Form[][];
}

/** Longest text, most facets, and words in one, that are looked at: longer interests stay bounded. */
export const MAX_TEXT = 4_000;
const MAX_FACETS = 12;
const MAX_WORDS = 16;
const MAX_FORMS = 8;

/**
 * Reads an interest's words into a query, as the papers at hand spell them; without facets where nothing can be looked
 * for. Of what is listed «not vision» is neither asked for nor barred, unless nothing else is listed. Never throws.
 */
export function readQuery(text: string, equivalents: readonly Equivalents[] = [], index?: PaperIndex): Query {
  const facetOf = (part: string, required: boolean) => readFacet(part, required, equivalents, index);
  const asked = (parts: readonly string[], required: boolean) =>
    parts.map((part) => facetOf(part, required)).filter(tells);
  const { words, phrases, negatives } = parseWords(text.slice(0, MAX_TEXT).replace(/<\/?[a-z][^<>]*>/gi, ' '));
  const parts = listedParts(words.join(' '));
  const quoted = asked(phrases, true);
  const wanted = asked(
    parts.filter((part) => readNegated(part) === null),
    false,
  );
  const loose = quoted.length + wanted.length > 0 ? wanted : asked(parts, false);
  return {
    facets: [...quoted, ...loose].slice(0, MAX_FACETS),
    excluded: negatives
      .map((negative) => facetOf(negative, true))
      .filter((facet) => facet.stems.length > 0)
      .map((facet) => wholeForms(facet).filter(({ weight }) => weight >= SAME)),
  };
}

/** A stop word, a letter or a number by itself says nothing of what is wanted; several in a row may («the who»). */
function tells({ stems, content, required, text }: Facet): boolean {
  if (required || stems.length > 1) return stems.length > 0;
  return content.length > 0 && !/^\p{N}+$/u.test(text);
}

/** Returns every form of a whole facet: itself, and what stands for all of it or for a part. */
export function wholeForms(facet: Facet): Form[] {
  const { stems, across } = facet;
  const whole: Form = { stems, across, weight: 1, from: 0, to: stems.length };
  return [
    whole,
    ...facet.forms.map((form) => ({
      ...whole,
      stems: [...facet.stems.slice(0, form.from), ...form.stems, ...facet.stems.slice(form.to)],
      weight: form.weight,
    })),
  ];
}

function readFacet(
  text: string,
  required: boolean,
  equivalents: readonly Equivalents[],
  index: PaperIndex | undefined,
): Facet {
  const tokens = tokenize(text).slice(0, MAX_WORDS);
  const written = tokens.map(({ start, end }) => text.slice(start, end));
  const stems = tokens.map((token, at) => termOf(token, written[at] ?? '', equivalents, index));
  const tells = tokens.flatMap(({ start, end }, at) => {
    const word = fold(written[at] ?? '');
    const letter = /^[a-z]$/.test(word) && !/[-‐‑]/u.test(text.slice(Math.max(0, start - 1), end + 1));
    return stems[at]?.startsWith('=') || !(STOP_WORDS.has(word) || STOP_WORDS.has(stemOf(word)) || letter) ? [at] : [];
  });
  const spelled = index ? spelledForms(written.map(fold), index) : [];
  return {
    stems,
    text: text.replace(/\s+/g, ' ').trim(),
    content: tells,
    forms: formsOf(stems, equivalents, spelled),
    across: (clausesOf(text, tokens).at(-1) ?? 0) > 0,
    required,
  };
}

/**
 * An acronym («RAG») is looked for in capitals alone where it is known or stands in a paper so; one with small letters
 * («GaN») where it could be taken for another («GAN»); a letter that is a language by that.
 */
function termOf(
  { stem, capital }: Token,
  written: string,
  equivalents: readonly Equivalents[],
  index: PaperIndex | undefined,
): string {
  if (capital === null) return stem;
  if (capital === '=C' || capital === '=R') return capital;
  if (!isAcronym(written)) return stem;
  const forms = index?.capitals.get(capital.slice(1).toLowerCase()) ?? [];
  if (/[a-z]/.test(capital)) return forms.some((form) => form !== capital) ? capital : stem;
  const known = forms.includes(capital) || equivalents.some((one) => one.has(capital));
  return known || STOP_WORDS.has(stem) ? capital : stem;
}

/** Looks up every stretch of the words, longest first. */
function formsOf(stems: string[], equivalents: readonly Equivalents[], spelled: readonly Form[]): Form[] {
  const forms: Form[] = [...spelled];
  for (let length = Math.min(stems.length, 6); length > 0; length--) {
    for (let from = 0; from + length <= stems.length; from++) {
      const run = stems.slice(from, from + length);
      const keys = [run.join(' '), ...(length === 2 && /^[0-9]+$/.test(run[0] ?? '') ? [run.join('')] : [])];
      for (const known of equivalents) {
        for (const other of keys.flatMap((key) => known.get(key) ?? []))
          forms.push({ ...other, from, to: from + length });
      }
    }
  }
  const distinct = new Map(
    forms.map((form): [string, Form] => [`${form.from} ${form.to} ${form.stems.join(' ')}`, form]),
  );
  return [...distinct.values()].slice(0, MAX_FORMS);
}
