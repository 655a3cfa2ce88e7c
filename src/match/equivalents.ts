import { z } from 'zod';
import { capitalOf, fold, stemOf, stemsOf, tokenize } from './tokens.ts';

/**
 * Terms that stand for one another: where the key's words occur, the value's may. Keys are stems joined by spaces; an
 * acronym's is `=RL` as well as `rl`.
 */
export type Equivalents = Map<string, Equivalent[]>;

/** What may stand for a term. */
export interface Equivalent {
  stems: readonly string[];
  /** SAME for an acronym and its long form, AKIN for a twin that merely means nearly the same. */
  weight: number;
}

/** Forms of this weight or more mean the very same. */
export const SAME = 0.9;
const AKIN = 0.2;

const fileSchema = z.object({
  /** Acronym to its long form. */
  acronyms: z.record(z.string(), z.string()),
  /** Groups of terms that mean the same. */
  twins: z.array(z.array(z.string()).min(2)),
});

/** Reads the curated list; throws where the file has another shape. */
export function readEquivalents(json: unknown): Equivalents {
  const { acronyms, twins } = fileSchema.parse(json);
  const known: Equivalents = new Map();
  for (const [acronym, longForm] of Object.entries(acronyms)) link(known, acronym, stemsOf(longForm));
  for (const group of twins) {
    const forms = group.map(stemsOf);
    for (const one of forms)
      for (const other of forms) if (one !== other) add(known, one.join(' '), { stems: other, weight: AKIN });
  }
  return known;
}

/** Returns those that mean the very same (acronyms), those that mean nearly the same (twins), both or none. */
export function keepEquivalents(known: Equivalents, keep: { acronyms: boolean; twins: boolean }): Equivalents {
  if (keep.acronyms && keep.twins) return known;
  const kept = (weight: number) => (weight >= SAME ? keep.acronyms : keep.twins);
  return new Map([...known].map(([key, forms]) => [key, forms.filter(({ weight }) => kept(weight))]));
}

/** Learns acronyms that texts define themselves, most of them in the same way. */
export function learnAcronyms(texts: Iterable<string>, least = 2): Equivalents {
  return linkAcronyms(definedAcronyms(texts, least, 0.5));
}

/**
 * Returns acronyms that texts define, each with the stems of its long form: «state space models (SSMs)». An acronym
 * counts where one long form has at least `least` of the texts and more than `share` of those that define it (Schwartz
 * and Hearst, A simple algorithm for identifying abbreviation definitions in biomedical text, PSB 2003).
 */
export function definedAcronyms(texts: Iterable<string>, least: number, share: number): Map<string, string> {
  const seen = new Map<string, Map<string, number>>();
  for (const text of texts) {
    for (const [acronym, longForm] of definitionsIn(text)) {
      const forms = seen.get(acronym) ?? new Map<string, number>();
      forms.set(longForm, (forms.get(longForm) ?? 0) + 1);
      seen.set(acronym, forms);
    }
  }
  return new Map(
    [...seen].flatMap(([acronym, forms]) => {
      const total = [...forms.values()].reduce((sum, count) => sum + count, 0);
      const [best, count] = [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0] ?? ['', 0];
      return count >= least && count > share * total ? [[acronym, best] as const] : [];
    }),
  );
}

/** Ties acronyms and the stems of their long forms both ways. */
export function linkAcronyms(
  acronyms: Iterable<readonly [string, string]>,
  known: Equivalents = new Map(),
): Equivalents {
  for (const [acronym, longForm] of acronyms) link(known, acronym, longForm.split(' '));
  return known;
}

/** Finds «long form (LF)» in one text, each acronym once. */
export function definitionsIn(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const match of text.matchAll(/\(([A-Z][A-Za-z0-9-]{1,8})\)/g)) {
    const acronym = (match[1] ?? '').replace(/-/g, '').replace(/s$/, '');
    if (acronym.length < 2 || (acronym.match(/[A-Z]/g)?.length ?? 0) < 2) continue;
    const before = text.slice(Math.max(0, match.index - 120), match.index);
    const longForm = longFormBefore(before, acronym.toLowerCase());
    if (longForm) found.set(acronym, longForm);
  }
  return found;
}

/** Returns the stems of the words before a bracket whose initials spell the acronym; null where they don't. */
function longFormBefore(before: string, acronym: string): string | null {
  if (/[.;:!?]\s*$/.test(before)) return null;
  const letters = [...acronym];
  const words = [...before.matchAll(/[\p{L}\p{N}]+/gu)].map((word) => ({ text: fold(word[0]), at: word.index }));
  let letter = letters.length - 1;
  for (let at = words.length - 1; at >= 0 && words.length - at <= letters.length + 3; at--) {
    const word = words[at]?.text ?? '';
    if (word[0] === letters[letter]) letter--;
    else if (letter > 0 && word[0] === letters[letter - 1] && word.includes(letters[letter] ?? '', 1)) letter -= 2;
    if (letter < 0) {
      const start = words[at]?.at ?? 0;
      if (words.length - at < 2 && !/-/.test(before.slice(start))) return null;
      return tokenize(before.slice(start))
        .map((token) => token.stem)
        .join(' ');
    }
  }
  return null;
}

/** Ties an acronym and its long form both ways; towards the acronym only in capitals. */
function link(known: Equivalents, acronym: string, longForm: string[]): void {
  const folded = stemOf(fold(acronym));
  add(known, folded, { stems: longForm, weight: SAME });
  const short = capitalOf(acronym) ?? folded;
  if (short !== folded) add(known, short, { stems: longForm, weight: SAME });
  add(known, longForm.join(' '), { stems: [short], weight: SAME });
}

function add(known: Equivalents, from: string, to: Equivalent): void {
  const forms = known.get(from);
  if (!forms) known.set(from, [to]);
  else if (!forms.some(({ stems }) => stems.join(' ') === to.stems.join(' '))) forms.push(to);
}
