import type { Reason } from '../model/match.ts';
import { firstPlace } from './occurrences.ts';
import { ABSTRACT_AT, type PaperIndex } from './paper-index.ts';
import { SAME } from './equivalents.ts';
import { wholeForms, type Facet, type Query } from './query.ts';

/** Characters of context on each side of a hit. */
const CONTEXT = 70;

/** A stretch of a paper's text. */
type Found = Omit<Reason, 'kind'> & { where: 'title' | 'abstract' };

/** What the reader's own words show: whole facets, surest first, and the loose words of the others. */
export interface OwnWords {
  whole: Reason[];
  loose: Reason[];
  /** Words that alone say too little of what they belong to. */
  few: Reason[];
}

/** Loose words that tell less than this share of what they belong to are no reason. */
const ENOUGH = 0.5;

/** Finds the reader's own words in a paper: facets as they stand, or what means the same, then loose words. */
export function ownWords(query: Query, index: PaperIndex, paper: number, rarityOf: (stem: string) => number): OwnWords {
  const whole: Reason[] = [];
  const loose: Found[] = [];
  const few: Found[] = [];
  for (const facet of query.facets) {
    const found = findWhole(facet, index, paper, query.facets.length === 1);
    if (found) whole.push(found);
    else {
      const words = looseOf(facet, index, paper, rarityOf);
      (words.enough ? loose : few).push(...words.found);
    }
  }
  return { whole: whole.sort(byStrength), loose: inPlaces(loose), few: inPlaces(few) };
}

function inPlaces(words: readonly Found[]): Reason[] {
  return [...looseWords(words, 'title'), ...looseWords(words, 'abstract')];
}

/** The words of a facet that stand there, and whether together they tell enough of it. */
function looseOf(facet: Facet, index: PaperIndex, paper: number, rarityOf: (stem: string) => number) {
  let told = 0;
  let total = 0;
  const found: Found[] = [];
  for (const at of facet.content) {
    const weight = rarityOf(facet.stems[at] ?? '');
    const forms = facet.forms.filter((form) => form.from <= at && at < form.to).map((form) => form.stems);
    const here = findForms(index, paper, [[facet.stems[at] ?? ''], ...forms]);
    total += weight;
    if (!here) continue;
    found.push(here);
    if (!/^(?:.|\d+)$/u.test(here.text)) told += weight;
  }
  return { found, enough: told >= ENOUGH * total };
}

/** Names the loose words found in one place, each once, with what stands around the first. */
function looseWords(loose: readonly Found[], where: Found['where']): Reason[] {
  const here = loose.filter((one) => one.where === where);
  const text = [...new Set(here.map((one) => one.text.toLowerCase()))].join(', ');
  return here.slice(0, 1).map((first) => ({ ...first, kind: 'words', text }));
}

/** A facet that stands there as a whole, or what means the same. */
function findWhole(facet: Facet, index: PaperIndex, paper: number, alone: boolean): Reason | null {
  const forms = wholeForms(facet);
  const same = findForms(
    index,
    paper,
    forms.filter(({ weight }) => weight >= SAME).map(({ stems }) => stems),
  );
  if (same && facet.stems.length === 1)
    return { kind: same.where === 'title' ? 'title' : alone ? 'phrase' : 'words', ...same };
  if (same) return { kind: 'phrase', ...same };
  const akin = findForms(
    index,
    paper,
    forms.filter(({ weight }) => weight < SAME).map(({ stems }) => stems),
  );
  return akin && { kind: 'related', ...akin };
}

/**
 * Finds the first of several sequences of stems, in the title before the abstract; with its stretch of text and what
 * stands around it.
 */
export function findForms(index: PaperIndex, paper: number, forms: readonly (readonly string[])[]): Found | null {
  const places = forms.map((stems) => firstPlace(index, paper, stems, 0));
  const inTitle = places.findIndex((place) => place >= 0 && place < ABSTRACT_AT);
  const at = inTitle >= 0 ? inTitle : places.findIndex((place) => place >= 0);
  const place = places[at];
  const length = forms[at]?.length ?? 0;
  if (place === undefined || length === 0) return null;
  const where = place < ABSTRACT_AT ? 'title' : 'abstract';
  const text = index.papers[paper]?.[where] ?? '';
  const spans = (where === 'title' ? index.titleSpans : index.abstractSpans)[paper] ?? new Uint32Array();
  const first = where === 'title' ? place : place - ABSTRACT_AT;
  const start = spans[2 * first] ?? 0;
  const end = spans[2 * (first + length - 1) + 1] ?? start;
  const found = { text: text.slice(start, end).replace(/\s+/g, ' '), where } as const;
  return where === 'title' ? found : { ...found, snippet: snippetOf(text, start, end) };
}

/** Cuts the stretch around a hit at word boundaries, white space made single. */
export function snippetOf(text: string, start: number, end: number): string {
  let from = Math.max(0, start - CONTEXT);
  let to = Math.min(text.length, end + CONTEXT);
  if (from > 0) from = Math.min(start, text.indexOf(' ', from) + 1 || start);
  if (to < text.length) to = Math.max(end, text.lastIndexOf(' ', to));
  const cut = text.slice(from, to).replace(/\s+/g, ' ').trim();
  return `${from > 0 ? '…' : ''}${cut}${to < text.length ? '…' : ''}`;
}

/** What stands in the title goes first; sorting keeps the order otherwise. */
function byStrength(a: Reason, b: Reason): number {
  return Number(b.where === 'title') - Number(a.where === 'title');
}
