/** Words that negate what is behind them. A minus alone leaves something out; but what they negate is not asked for. */
export const NEGATING: ReadonlySet<string> = new Set(['no', 'nor', 'not', 'without', 'except', 'excluding']);

const BETWEEN = /[,;|]+/;
/** A sentence says «not» of itself, as titles do: «Work smart, not hard: recalling what is relevant». */
const SENTENCE = /[.:?!]\s/;
/** «Agents, not only chat» wants both, and «bandits, no regret learning» speaks of a subject. */
const NEGATED =
  /^\s*(?:(?:and|but)\s+)?(no|not|without|except|excluding)\s+(?!(?:only|just|merely|necessarily|regret|reference|code|free\s+lunch)\b)(\S.*)/is;

/** Parts what somebody lists by commas, semicolons or bars, each as it is written. */
export function listedParts(text: string): string[] {
  return text.split(BETWEEN).filter((part) => part.trim() !== '');
}

/** Reads «but not vision» as the word that negates and what is negated; null where a part begins otherwise. */
export function readNegated(part: string): { word: string; text: string } | null {
  if (SENTENCE.test(part)) return null;
  const [, word, text] = NEGATED.exec(part) ?? [];
  return word === undefined || text === undefined ? null : { word, text: text.trimEnd() };
}
