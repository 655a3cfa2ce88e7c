/** `\( … \)`, `\[ … \]`, `$$ … $$`, `$ … $`; a dollar formula holds no blank at its ends and no digit behind it («$5 and $10»). */
const FORMULA =
  /\\\(([\s\S]{1,400}?)\\\)|\\\[([\s\S]{1,400}?)\\\]|\$\$([^$]{1,400})\$\$|(?:(?<![\\$\w])|(?<=\w)(?=\$[\^_\\{]))\$(?![\s\d]*\$)([^\s$]|[^\s$][^$]{0,300}?[^\s$\\])\$(?!\d)/g;
/** Within dollars: a formula has a sign or is a single letter or number; else they are dollars. */
const FORMULA_SIGN = /[\\^_{}=<>+|]|^[A-Za-z]'?$|^[\d.,]+$|^[A-Za-z]\([^()]*\)$|^[A-Za-z]-[A-Za-z]/;

/** Splits text into prose and the inside of formulas. */
export function splitFormulas(text: string): { part: string; formula: boolean }[] {
  const parts: { part: string; formula: boolean }[] = [];
  let from = 0;
  for (const found of text.matchAll(FORMULA)) {
    const formula = found[1] ?? found[2] ?? found[3] ?? found[4] ?? '';
    if (found[4] !== undefined && !FORMULA_SIGN.test(formula)) continue;
    parts.push({ part: text.slice(from, found.index), formula: false }, { part: formula, formula: true });
    from = found.index + found[0].length;
  }
  return [...parts, { part: text.slice(from), formula: false }];
}
