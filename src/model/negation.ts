/** Words that negate what is behind them. A minus alone leaves something out; but what they negate is not asked for. */
export const NEGATING: ReadonlySet<string> = new Set(['no', 'nor', 'not', 'without', 'except', 'excluding']);

/** Commas, semicolons and bars part what somebody lists; so does what joins a negation: «robots and not vision». */
const BETWEEN = /[,;|]+|\s(?:and|but)\s+(?=(?:no|nor|not|without|except|excluding)\s)/i;
const NEGATED = /^\s*(?:(?:and|but)\s+)?(no|nor|not|without|except|excluding)\s+(\S.*)/is;

/** Parts what somebody lists, each as it is written. */
export function listedParts(text: string): string[] {
  return text.split(BETWEEN).filter((part) => part.trim() !== '');
}

/** Reads «but not vision» as the word that negates and what is negated; null where a part begins otherwise. */
export function readNegated(part: string): { word: string; text: string } | null {
  const [, word, text] = NEGATED.exec(part) ?? [];
  return word === undefined || text === undefined ? null : { word, text: text.trimEnd() };
}
