import { STOP_WORDS } from '../model/stop-words.ts';
import { countSequence, type Sequence } from './occurrences.ts';
import type { PaperIndex } from './paper-index.ts';
import { stemOf } from './tokens.ts';

/** A sequence of words that may stand for a stretch of a query. */
export interface Form extends Sequence {
  /** How surely it means the same, in (0,1]. */
  weight: number;
  /** Words of the facet it stands for: first, and one behind the last. */
  from: number;
  to: number;
}

/**
 * Returns how else a stretch of words is written in the papers at hand: closed for parted («data set», «dataset») and
 * parted for closed («GPT4», «GPT-4»), a digit for «to» and «for» («text2image»). Each means the very same.
 */
export function spelledForms(words: readonly string[], index: PaperIndex): Form[] {
  const forms: Form[] = [];
  const has = (stems: readonly string[]) => stands(index, stems);
  for (let from = 0; from < words.length; from++) {
    for (const stems of partings(words[from] ?? '').filter(has)) forms.push({ stems, weight: 1, from, to: from + 1 });
    for (let to = from + 2; to <= Math.min(words.length, from + 3); to++) {
      for (const closed of closings(words.slice(from, to))) {
        const stems = [stemOf(closed)];
        if (has(stems)) forms.push({ stems, weight: 1, from, to });
      }
    }
  }
  return [...forms, ...allAtOnce(words, forms)];
}

/** Two stretches spelled otherwise in one text. */
function allAtOnce(words: readonly string[], forms: readonly Form[]): Form[] {
  const chosen: Form[] = [];
  for (const form of forms) if (chosen.every(({ from, to }) => form.to <= from || to <= form.from)) chosen.push(form);
  if (chosen.length < 2) return [];
  const stems: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const form = chosen.find(({ from, to }) => from <= at && at < to);
    if (!form) stems.push(stemOf(words[at] ?? ''));
    else if (form.from === at) stems.push(...form.stems);
  }
  return [{ stems, weight: 1, from: 0, to: words.length }];
}

function closings(words: readonly string[]): string[] {
  const [first = '', middle = '', last = ''] = words;
  const digit = middle === 'to' ? '2' : middle === 'for' ? '4' : null;
  if (words.length === 3 && digit) return [first + digit + last];
  return words.some((word) => STOP_WORDS.has(word)) ? [] : [words.join('')];
}

function partings(word: string): string[][] {
  const [, before = '', digit = '', after = ''] = /^([a-z]{3,})([24])([a-z]{3,})$/.exec(word) ?? [];
  if (digit) return [[before, digit === '2' ? 'to' : 'for', after].map(stemOf)];
  const atDigit = word.match(/\p{N}+|[^\p{N}]+/gu) ?? [];
  if (atDigit.length > 1) return [atDigit.map(stemOf)];
  if (!/^[a-z]{4,30}$/.test(word)) return [];
  const parted: string[][] = [];
  for (let at = 1; at <= word.length - 3; at++) {
    if (at === 2) continue;
    const parts = [word.slice(0, at), word.slice(at)];
    if (!parts.some((part) => STOP_WORDS.has(part))) parted.push(parts.map(stemOf));
  }
  return parted;
}

function stands(index: PaperIndex, stems: readonly string[]): boolean {
  let found = false;
  countSequence(index, { stems }, () => (found = true));
  return found;
}
