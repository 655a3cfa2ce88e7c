import { isAcronym } from '../model/interest.ts';
import type { Reason } from '../model/match.ts';
import { isWrittenSo, type Term } from './concepts/term.ts';
import { firstPlace, type Sequence } from './occurrences.ts';
import { ABSTRACT_AT, type PaperIndex } from './paper-index.ts';
import { SAME } from './equivalents.ts';
import { stemsOf } from './tokens.ts';
import { wholeForms, type Facet, type Query } from './query.ts';

/** Characters of context on each side of a hit. */
const CONTEXT = 70;

/** A stretch of a paper's text. */
type Found = Omit<Reason, 'kind'> & { where: 'title' | 'abstract' };

/** What the reader's own words show: whole facets, surest first, and the loose words of the others. */
export interface OwnWords {
  whole: Reason[];
  /** Loose words but those already said; none where the rest tells too little of what it belongs to. */
  loose: (isSaid: (stem: string) => boolean) => Reason[];
  /** Words that alone say too little of what they belong to. */
  few: Reason[];
}

/** Loose words that tell less than this share of what they belong to are no reason. */
const ENOUGH = 0.5;

/** Finds the reader's own words in a paper: facets as they stand, or what means the same, then loose words. */
export function ownWords(query: Query, index: PaperIndex, paper: number, rarityOf: (stem: string) => number): OwnWords {
  const whole: Reason[] = [];
  const loose: Loose[][] = [];
  for (const facet of query.facets) {
    const found = findWhole(facet, index, paper, query.facets.length === 1);
    if (found) whole.push(found);
    else loose.push(looseOf(facet, index, paper, rarityOf));
  }
  const enough = (words: readonly Loose[]) => words.reduce((sum, { share }) => sum + share, 0) >= ENOUGH;
  return {
    whole: whole.sort(byStrength),
    loose: (isSaid) => {
      const isNew = ({ stem, found }: Loose) => !isSaid(stem) && !stemsOf(found.text).every(isSaid);
      const left = loose.map((words) => words.filter(isNew));
      return inPlaces(left.filter(enough).flat());
    },
    few: inPlaces(loose.filter((words) => !enough(words)).flat()),
  };
}

/** A word of a facet where it stands. */
interface Loose {
  stem: string;
  /** How much it tells of the facet, of 1 in all. */
  share: number;
  found: Found;
}

function inPlaces(words: readonly Loose[]): Reason[] {
  return (['title', 'abstract'] as const).flatMap((where) =>
    looseWords(
      words.map(({ found }) => found),
      where,
    ),
  );
}

/** The words of a facet that stand there; a letter or a number alone is none, but an ideograph or a Greek letter is. */
function looseOf(facet: Facet, index: PaperIndex, paper: number, rarityOf: (stem: string) => number): Loose[] {
  const weights = facet.content.map((at) => rarityOf(facet.stems[at] ?? ''));
  const total = weights.reduce((sum, weight) => sum + weight, 0) || 1;
  return facet.content.flatMap((at, nth): Loose[] => {
    const stem = facet.stems[at] ?? '';
    const forms = facet.forms.filter((form) => form.from <= at && at < form.to);
    const found = findForms(index, paper, [{ stems: [stem] }, ...forms]);
    const isLetter = stem.length === 1 && !/\p{Ideographic}/u.test(stem);
    const tells = found && (stem.startsWith('=') || !(isLetter || /^\p{N}+$/u.test(found.text)));
    return tells ? [{ stem, share: (weights[nth] ?? 0) / total, found }] : [];
  });
}

/** Names the loose words found in one place, each once, with what stands around the first. */
function looseWords(loose: readonly Found[], where: Found['where']): Reason[] {
  const here = loose.filter((one) => one.where === where);
  const words = new Map(here.map(({ text }) => [text.toLowerCase(), isAcronym(text) ? text : text.toLowerCase()]));
  return here.slice(0, 1).map((first) => ({ ...first, kind: 'words', text: [...words.values()].join(', ') }));
}

/** A facet that stands there as a whole, or what means the same. */
function findWhole(facet: Facet, index: PaperIndex, paper: number, alone: boolean): Reason | null {
  const forms = wholeForms(facet);
  const same = findForms(
    index,
    paper,
    forms.filter(({ weight }) => weight >= SAME),
  );
  if (same && facet.stems.length === 1)
    return { kind: same.where === 'title' ? 'title' : alone ? 'phrase' : 'words', ...same };
  if (same) return { kind: 'phrase', ...same };
  const akin = findForms(
    index,
    paper,
    forms.filter(({ weight }) => weight < SAME),
  );
  return akin && { kind: 'related', ...akin };
}

/**
 * Finds the first of several sequences of stems, in the title before the abstract; with its stretch of text and what
 * stands around it.
 */
export function findForms(index: PaperIndex, paper: number, forms: readonly Sequence[]): Found | null {
  const places = forms.map((form) => firstPlace(index, paper, form, 0));
  const inTitle = places.findIndex((place) => place >= 0 && place < ABSTRACT_AT);
  const at = inTitle >= 0 ? inTitle : places.findIndex((place) => place >= 0);
  const place = places[at];
  return place === undefined ? null : foundFrom(index, paper, place, forms[at]?.stems.length ?? 0);
}

/** Finds a term of a concept where it first stands, written as the term asks. */
export function findTerm(index: PaperIndex, paper: number, { key, letters }: Term): Found | null {
  const stems = key.split(' ');
  for (let from = 0; ;) {
    const place = firstPlace(index, paper, { stems }, from);
    if (place < 0) return null;
    const wordAt = (at: number) => {
      const { where, start, end } = stretchFrom(index, paper, place + at, 1);
      return index.papers[paper]?.[where].slice(start, end) ?? '';
    };
    if (isWrittenSo(letters, wordAt)) return foundFrom(index, paper, place, stems.length);
    from = place + 1;
  }
}

function foundFrom(index: PaperIndex, paper: number, place: number, length: number): Found | null {
  return length === 0 ? null : foundAt(index, paper, stretchFrom(index, paper, place, length));
}

/** A stretch of a paper's title or abstract. */
interface Stretch {
  where: Found['where'];
  start: number;
  end: number;
}

function stretchFrom(index: PaperIndex, paper: number, place: number, length: number): Stretch {
  const where = place < ABSTRACT_AT ? 'title' : 'abstract';
  const spans = (where === 'title' ? index.titleSpans : index.abstractSpans)[paper] ?? new Uint32Array();
  const first = where === 'title' ? place : place - ABSTRACT_AT;
  const start = spans[2 * first] ?? 0;
  return { where, start, end: spans[2 * (first + length - 1) + 1] ?? start };
}

/** Reads a stretch as a reason shows it: white space made single, no possessive, brackets in pairs. */
export function foundAt({ papers }: PaperIndex, paper: number, { where, start, end }: Stretch): Found {
  const text = papers[paper]?.[where] ?? '';
  const raw = text.slice(start, end);
  const opens = /^[^(]*\)/.test(raw) && text[start - 1] === '(' ? start - 1 : start;
  const shown = text
    .slice(opens, end)
    .replace(/['’]s$/, '')
    .replace(/\s+/g, ' ');
  const found = { text: shown, where } as const;
  return where === 'title' ? found : { ...found, snippet: snippetOf(text, opens, end) };
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
