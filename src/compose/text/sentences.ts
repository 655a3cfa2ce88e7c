import { plainOf, type MarkedText } from './marked-text.ts';

/** A sentence of an abstract, with what choosing among them asks for each time. */
export interface Sentence {
  text: MarkedText;
  /** Characters as shown. */
  length: number;
  /** As shown, in small letters. */
  folded: string;
}

/** Where a sentence may end: at a sign with a blank and what can begin one behind it, or at a sign of Chinese. */
const MAYBE_END =
  /(?:[.!?][”"’)\]]{0,8}\s+(?=[\p{Lu}\p{Lo}\d“"‘([$ℓ]|\p{Ll}{1,2}\p{Lu})|[。！？｡][”"’」』）】》)]{0,8}\s*(?=[^\s”"’」』）】》)]))/gu;
/** The word that a full stop stands behind, with the dots within it. */
const LAST_WORD = /(?:^|[^\p{L}\p{N}.])((?:\p{L}{1,12}\.){0,6}\p{L}{1,12})$/u;
/** How much in front of a full stop is looked at. */
const LOOKED_BACK = 40;

/** Abbreviations that something always follows. */
const LEANING = wordsOf(
  'e.g i.e cf vs v.s viz resp approx ca w.r.t wrt a.k.a aka dr prof mr mrs ms mx st mt ft messrs gen gov sen rep capt lt col sgt univ dept eds esp incl excl max min avg std',
);
/** Those in front of a number or letter of what is numbered. */
const NUMBERED = wordsOf(
  'fig figs eq eqs eqn eqns sec secs sect thm thms lem prop props cor def defs rem ref refs tab tabs alg algs chap ch app apps vol vols no nos p pp art ex exs conj',
);
/** Those that may end a sentence as well as stand within it. */
const EITHER = wordsOf('etc al inc ltd co corp jr sr bros ph.d phd ed');
/** Several letters with dots, or one capital: U.S., i.i.d., J. Smith. */
const LETTERS = /^(?:(?:\p{L}{1,2}\.){1,6}\p{L}{1,2}|\p{Lu})$/u;
/** What begins a sentence in an abstract, whatever stands in front of it. */
const STARTER =
  /^[“"‘([]?(?:We|Our|The|This|These|Those|That|It|Its|They|Their|There|Here|He|She|In|On|At|By|For|From|To|With|As|An|A|And|But|However|Moreover|Furthermore|Additionally|Also|Although|While|When|Where|If|Since|Because|Both|Each|All|Some|Many|Most|Such|Thus|Hence|Therefore|Then|First|Second|Third|Finally|Next|Using|Based|Given|Despite|Unlike|Recent|Recently|Existing|Experiments|Extensive|Results|Code|How|What|Why|Which|Can|Is|Are|Do|Does)(?=[\s,:’'])/u;

/** Splits an abstract into sentences. */
export function sentencesOf(text: MarkedText): Sentence[] {
  const sentences: Sentence[] = [];
  let from = 0;
  const take = (to: number) => {
    const sentence = text.slice(from, to).trim();
    const plain = plainOf(sentence);
    if (sentence !== '') sentences.push({ text: sentence, length: plain.length, folded: plain.toLowerCase() });
    from = to;
  };
  for (const { 0: sign, index } of text.matchAll(MAYBE_END)) {
    if (sign.startsWith('.') && !endsSentence(text, index, index + sign.length)) continue;
    take(index + sign.length);
  }
  take(text.length);
  return sentences;
}

/** Tells whether the full stop at a place ends a sentence, from the word before it and what follows at `next`. */
function endsSentence(text: MarkedText, at: number, next: number): boolean {
  const word = LAST_WORD.exec(text.slice(Math.max(0, at - LOOKED_BACK), at))?.[1];
  if (word === undefined) return true;
  const folded = word.toLowerCase();
  if (LEANING.has(folded)) return false;
  const behind = text.slice(next, next + 24);
  if (NUMBERED.has(folded))
    return !/^[\d([$IVX]|^\p{Lu}(?!\p{L})/u.test(behind) && (folded === 'no' || STARTER.test(behind));
  if (EITHER.has(folded) || LETTERS.test(word))
    return STARTER.test(behind) && !(word.length === 1 && /^A\s/.test(behind));
  return true;
}

function wordsOf(words: string): Set<string> {
  return new Set(words.split(' '));
}
