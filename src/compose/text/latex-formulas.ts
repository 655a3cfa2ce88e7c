/** `\( … \)`, `\[ … \]`, `$$ … $$`, `$ … $`. */
const FORMULA =
  /\\\(([\s\S]{1,400}?)\\\)|\\\[([\s\S]{1,400}?)\\\]|\$\$([^$]{1,400})\$\$|(?:(?<![\\$\w])|(?<=\w)(?=\$(?:[\^_\\{<>=+%~&|-]|\d{1,3}\$|[A-Za-z]\$)))\$(?!\s*\$)((?:[^$\\]|\\[\s\S]){1,300}?)\$(?!\$)/g;
/** Within dollars: a formula has a sign, or is one letter, number or word; else they are dollars («$5 and $10»). */
const FORMULA_SIGN = /[\\^_{}=<>+|]|^[A-Za-z]'?$|^[A-Za-z]\([^()]*\)$|^[A-Za-z]-[A-Za-z]/;
/** Without a sign only where no letter or digit follows: `$16$ agents`, `$TD(n)$`. */
const FORMULA_WORD = /^[\d.,]+%?$|^[A-Za-z][A-Za-z.]{0,20},?$|^[A-Za-z]{1,12}\([^()\s]*\)$/;
/** A blank at its ends only where it holds a command and no words: `$13 \times $`. */
const COMMAND = /\\[a-zA-Z]+/;
const WORDS = /(?<![\\\p{L}])\p{L}{2,}(?!\p{L})/u;

/** Splits text into prose and the inside of formulas. */
export function splitFormulas(text: string): { part: string; formula: boolean }[] {
  const parts: { part: string; formula: boolean }[] = [];
  let from = 0;
  FORMULA.lastIndex = 0;
  for (let found = FORMULA.exec(text); found; found = FORMULA.exec(text)) {
    const formula = found[1] ?? found[2] ?? found[3] ?? found[4] ?? '';
    const end = found.index + found[0].length;
    if (found[4] !== undefined && !isFormula(formula, text.slice(end, end + 3))) {
      FORMULA.lastIndex = end - 1; // the dollar at its end may begin one
      continue;
    }
    parts.push({ part: text.slice(from, found.index), formula: false }, { part: formula, formula: true });
    from = end;
  }
  return [...parts, { part: text.slice(from), formula: false }];
}

/** Nothing but signs: `$>$90`. */
const SIGNS_ALONE = /^[<>=+%±~≤≥≈×*'|&-]{1,3}$/;
/** A number with its unit or «x» behind it: `$1.5-3$x`. */
const NUMBERS = /^\d[\d.,/-]*$/;
const UNIT = /^\p{L}{1,2}(?!\p{L})/u;
const OTHER_FORMULA = /^[ivx]{1,4}\)$|^[A-Za-z]\([^()]*\) ?d[a-z]$/;

function isFormula(inside: string, behind: string): boolean {
  if (SIGNS_ALONE.test(inside)) return true;
  if (/^\s|\s$/.test(inside)) {
    return !WORDS.test(inside) && (COMMAND.test(inside) || (/\p{L}/u.test(inside) && /^\s.*\s$/.test(inside)));
  }
  if (OTHER_FORMULA.test(inside) || (NUMBERS.test(inside) && UNIT.test(behind))) return true;
  if (/^\d/.test(behind)) return COMMAND.test(inside);
  if (!WORDS.test(inside) && !/^\p{L}/u.test(behind)) return true;
  return FORMULA_SIGN.test(inside) || (FORMULA_WORD.test(inside) && !/^\p{L}/u.test(behind));
}
