import type { PaperWords } from '../paper-index.ts';
import type { Token } from '../tokens.ts';
import type { Lexicon } from './lexicon.ts';
import { isWrittenSo } from './term.ts';

/** Where a paper names a term. */
export interface TermFound {
  term: number;
  title: number;
  /** Times it stands in a sentence of the abstract that says what the paper does, and elsewhere in the abstract. */
  stated: number;
  mentioned: number;
}

/** Finds the terms of a lexicon in a paper, longest and shorter ones alike. */
export function findTerms(lexicon: Lexicon, words: PaperWords): Map<number, TermFound> {
  const { paper, title, abstract, titleClauses, abstractClauses, sentences } = words;
  const found = new Map<number, TermFound>();
  const at = (term: number): TermFound => {
    const known = found.get(term) ?? { term, title: 0, stated: 0, mentioned: 0 };
    found.set(term, known);
    return known;
  };
  search(lexicon, paper.title, title, titleClauses, (term) => at(term).title++);
  let sentence = 0;
  search(lexicon, paper.abstract, abstract, abstractClauses, (term, start) => {
    while (sentence < sentences.length - 1 && start >= (sentences[sentence]?.end ?? 0)) sentence++;
    if (sentences[sentence]?.states) at(term).stated++;
    else at(term).mentioned++;
  });
  return found;
}

/** Reports terms from left to right, none over the end of a clause. */
function search(
  { terms }: Lexicon,
  text: string,
  tokens: readonly Token[],
  clauses: Uint16Array,
  report: (term: number, start: number) => void,
): void {
  for (const [first, { stem, start }] of tokens.entries()) {
    const longest = Math.min(terms.longestFrom(stem), tokens.length - first);
    let key = stem;
    for (let length = 1; length <= longest; length++) {
      if (clauses[first + length - 1] !== clauses[first]) break;
      if (length > 1) key += ` ${tokens[first + length - 1]?.stem ?? ''}`;
      const named = terms.keyed(key);
      if (!named) continue; // nearly always
      const wordAt = (at: number) => text.slice(tokens[first + at]?.start, tokens[first + at]?.end);
      for (const term of named) if (isWrittenSo(terms.lettersOf(term), wordAt)) report(term, start);
    }
  }
}
