import type { Reason } from '../model/match.ts';
import { firstPlace } from './occurrences.ts';
import { ABSTRACT_AT, type PaperIndex } from './paper-index.ts';
import { SAME } from './equivalents.ts';
import { wholeForms, type Facet, type Query } from './query.ts';

/** Most reasons given for one match. */
export const MAX_REASONS = 3;

/** Characters of context on each side of a hit. */
const CONTEXT = 70;

/** A stretch of a paper's text. */
type Found = Omit<Reason, 'kind'> & { where: 'title' | 'abstract' };

/**
 * Words a free-words match: whole facets first (title before abstract), then what means the same, then the loose words
 * found.
 */
export function wordsReasons(query: Query, index: PaperIndex, paper: number): Reason[] {
  const reasons: Reason[] = [];
  const loose: Found[] = [];
  for (const facet of query.facets) {
    const whole = findWhole(facet, index, paper, query.facets.length === 1);
    if (whole) reasons.push(whole);
    if (whole) continue;
    for (const at of facet.content) {
      const forms = facet.forms.filter((form) => form.from <= at && at < form.to).map((form) => form.stems);
      const found = findForms(index, paper, [[facet.stems[at] ?? ''], ...forms]);
      if (found) loose.push(found);
    }
  }
  reasons.push(...looseWords(loose, 'title'), ...looseWords(loose, 'abstract'));
  return reasons.sort(byStrength).slice(0, MAX_REASONS);
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

const STRENGTH = ['author', 'organization', 'phrase', 'title', 'topic', 'words', 'related', 'reaction', 'trend'];

function byStrength(a: Reason, b: Reason): number {
  const inTitle = Number(b.where === 'title') - Number(a.where === 'title');
  return STRENGTH.indexOf(a.kind) - STRENGTH.indexOf(b.kind) || inTitle;
}
