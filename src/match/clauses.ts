import type { Token } from './tokens.ts';

/**
 * What ends a clause within what stands between two words: a sign with a blank behind it, quotes and brackets passed
 * over; a dash between blanks; a bracket that opens.
 */
const END = /[:;,.!?]["'”’»)\]}$*_]{0,4}\s|\s[–—]\s|\s\(/u;
/** What a point stands behind that ends no sentence: an initial, or one of these. */
const SHORTENED = /\b(?:\p{Lu}|e\.g|i\.e|et al|vs|w\.r\.t|viz|approx|ca|Figs?|Eqs?|Secs?|Tab|No|Dr|St|resp|cf)$/u;
/** How far back the shortened word is looked for. */
const LOOKED_BACK = 8;

/**
 * Numbers the clauses of a text, for each of its words the one it stands in: no phrase reaches over a colon or the end
 * of a sentence («Experts: Routing»), a comma in a list or a bracket. A point behind an initial or «et al», or before a
 * small letter, ends nothing. Linear in the length.
 */
export function clausesOf(text: string, tokens: readonly Token[]): Uint16Array {
  const clauses = new Uint16Array(tokens.length);
  for (let at = 1; at < tokens.length; at++) {
    const [from, to] = [tokens[at - 1]?.end ?? 0, tokens[at]?.start ?? 0];
    clauses[at] = clauses[at - 1]! + (to - from > 1 && isParted(text, from, to) ? 1 : 0);
  }
  return clauses;
}

function isParted(text: string, from: number, to: number): boolean {
  const gap = text.slice(from, to);
  const end = END.exec(gap);
  if (end?.[0].startsWith('.') !== true) return end !== null;
  if (/^\p{Ll}/u.test(text.slice(to, to + 2))) return END.test(gap.slice(end.index + 1));
  return !SHORTENED.test(text.slice(Math.max(0, from - LOOKED_BACK), from + end.index));
}
