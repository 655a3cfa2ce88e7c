/** Commands that point to what an abstract doesn't have. */
const CITES = '[cC]ite[a-zA-Z]{0,12}|parencite|textcite|footcite|autocite|nocite|supercite|onlinecite|citenum';
const REFS = 'ref|eqref|[cC]ref|[cC]refrange|autoref|pageref|nameref|vref|subref|labelcref';
const TAIL = '\\*?\\s?(?:\\[[^\\[\\]]{0,80}\\]){0,2}\\s?\\{[^{}]{0,300}\\}';
/** Nouns of what is numbered, before its number. */
const NUMBERED =
  '(?:Sections?|Secs?\\.|Sects?\\.|Figures?|Figs?\\.|Equations?|Eqs?\\.|Eqns?\\.|Theorems?|Thms?\\.|Tables?|Tabs?\\.|Lemmas?|Propositions?|Props?\\.|Corollary|Corollaries|Algorithms?|Algs?\\.|Appendix|Appendices|Apps?\\.|Chapters?|Definitions?|Examples?|Remarks?|Conjectures?|Problems?|Assumptions?|Refs?\\.|References?|Conditions?|Part|Step|Page)';

/** What is rewritten in the source before commands are read, in order. */
const REWRITTEN: readonly [RegExp, string][] = [
  // What stands in brackets with nothing but pointers goes with them.
  [
    new RegExp(
      `(?<![\\s~])(?<!${NUMBERED}[\\s~]{0,4})[\\s~]{0,4}[(\\[](?:(?:see|e\\.g\\.,?|cf\\.|also|and|i\\.e\\.,?|${NUMBERED})[\\s~]){0,4}(?:(?:[\\s~]|[,;]|and|to)?\\\\(?:${CITES}|${REFS})${TAIL}){1,8}\\s?[)\\]]`,
      'gi',
    ),
    '',
  ],
  [new RegExp(`(\\b${NUMBERED})[\\s~]{0,4}\\(?\\\\(?:${CITES}|${REFS})${TAIL}\\)?`, 'gi'), '$1 …'],
  [
    new RegExp(`(\\b(?:in|of|by|from|see|with|to|than|and))[\\s~]{1,4}\\\\(?:${CITES}|${REFS})${TAIL}(?=\\s)`, 'gi'),
    '$1 […]',
  ],
  [new RegExp(`[\\s~]{0,4}\\\\(?:${CITES})\\*?(?:\\[[^\\[\\]]{0,80}\\]){1,2}\\{[^{}]{0,300}\\}`, 'g'), ''],
  [/\\texorpdfstring\s?\{([^{}]{0,200})\}\s?\{[^{}]{0,200}\}/g, '$1'],
  // Formulas that stand on their own, and lists.
  [/\\begin\s?\{(?:equation|align|gather|multline|eqnarray|displaymath|math|aligned|split)\*?\}/g, ' \\['],
  [/\\end\s?\{(?:equation|align|gather|multline|eqnarray|displaymath|math|aligned|split)\*?\}/g, '\\] '],
  [/\\begin\s?\{pmatrix\}/g, '('],
  [/\\end\s?\{pmatrix\}/g, ')'],
  [/\\begin\s?\{(?:b|small)?matrix\}/g, '['],
  [/\\end\s?\{(?:b|small)?matrix\}/g, ']'],
  [/\\(?:begin|end)\s?\{[a-zA-Z*]{1,30}\}(?:\[[^[\]]{0,40}\]|\{[lcr|]{1,12}\})?/g, ' '],
  [/\\footnote(?:text)?\s?\{(?:[^{}]|\{[^{}]{0,200}\}){0,800}\}/g, ''],
  [/\\(?:allowbreak|nobreakdash|nobreak)(?![a-zA-Z])\s?/g, ''],
  // An accent as a table doubles its quote, or as a word processor bends it.
  [/\\""(?=\{?[aeiouAEIOU])/g, '\\"'],
  [/\\’(?=\{[a-zA-Z]\})/g, "\\'"],
  [/\\(?=--)/g, ''],
  [/\\item(?![a-zA-Z])\s?(?:\[[^[\]]{0,40}\])?/g, ' • '],
  [/\\(?:hspace|vspace|hskip|vskip|kern|mkern)\*?\s?(?:\{[^{}]{0,40}\})/g, ' '],
  [/\\pmod\s?(?=[A-Za-z\d])([A-Za-z\d])/g, '\\pmod{$1}'],
  [/\\([dt]?binom)\s?([A-Za-z\d])\s?([A-Za-z\d])/g, '\\$1{$2}{$3}'],
  [/\\verb\*?([|+!/])([^|+!/]{0,120})\1/g, '$2'],
  [/\\(?:text)?color\s?\{[a-zA-Z!0-9]{1,40}\}(?!\{)/g, ''],
  [/\\[-/@](?=[\p{L}\s])/gu, ''],
  [/(?<=^|[\s.!?:])\\n(?=\p{Lu}(?!ightarrow|eftarrow|dash|Dash))/gu, ' '],
  [/(?<=[^\s:\\])\\\\(?=[\s\p{L}(]|$)/gu, ' '],
  // `$a$$b$` is two formulas side by side.
  [/(?<![\\$])\$([^$\s](?:[^$]{0,100}[^$\s\\])?)\$\$([^$\s](?:[^$]{0,100}[^$\s\\])?)\$(?!\$)/g, '$$$1{}$2$$'],
];

/** Rewrites in the source what commands alone cannot tell: pointers, environments, breaks. */
export function tidySource(text: string): string {
  if (!/[\\$]/.test(text)) return text;
  let tidied = text;
  for (const [found, put] of REWRITTEN) tidied = tidied.replace(found, put);
  return tidied === text ? text : tidied.replace(/ …\./g, ' …').replace(/ {2,}/g, ' ');
}
