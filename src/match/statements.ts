/** A stretch of a text, and whether it says what the paper does. */
export interface Sentence {
  start: number;
  end: number;
  /** «We propose …», «this survey …»: what stands here is the paper's subject, not something it mentions. */
  states: boolean;
}

/** Who speaks where authors say what they did. */
const SPEAKER =
  '(?:we|this (?:paper|work|study|article|survey|review|report|thesis|position)|(?:the|our) (?:paper|work|study))';
/** What they then say of it: beginnings of verbs. */
const ACTS =
  'propos|introduc|present|stud[iy]|develop|show|investigat|explor|describ|survey|review|design|build|releas|address|tackl|analy[sz]|' +
  'demonstrat|argu|formulat|focus|examin|report|extend|adapt|unif|bridg|creat|construct|provid|establish|prov|deriv|evaluat|' +
  'benchmark|revisit|rethink|reveal|conduct|curat|collect|train|contribut|aim|leverag|apply|offer|outlin|characteri|identif';
const STATES = new RegExp(
  `\\b${SPEAKER} (?:\\w+ly |therefore |then |also |first |thus |here |further )?(?:${ACTS})`,
  'i',
);

/** Splits an abstract into sentences; a point within a number or behind an initial ends none. Linear. */
export function readSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let start = 0;
  const add = (end: number) => {
    if (text.slice(start, end).trim() !== '')
      sentences.push({ start, end, states: STATES.test(text.slice(start, end)) });
    start = end;
  };
  for (const { index } of text.matchAll(/[.!?]["”’)]?(?=\s+["“(]?[\p{Lu}\p{N}])/gu)) {
    if (/\b(?:\p{Lu}|e\.g|i\.e|et al|vs|Fig|resp|cf)$/u.test(text.slice(Math.max(0, index - 6), index))) continue;
    add(index + 1);
  }
  add(text.length);
  return sentences;
}
