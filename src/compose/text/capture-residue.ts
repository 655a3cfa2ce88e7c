import { GREEK, SYMBOLS } from './latex-symbols.ts';

// Every look behind is bounded: an unbounded one makes the time grow with the square of a long word. A long one stands
// behind what is looked for.
/**
 * What a capture leaves of LaTeX when it strips backslashes and dollars: each rule holds only where the word can be
 * nothing else.
 */
const RULES: [RegExp, string | ((...found: string[]) => string)][] = [
  [/(?<=\d)times\s?(?=\d)/g, '×'], // 1248times1248
  [/(?<=\d)times(?![\p{L}\d])/gu, '×'], // 60times faster
  [/(?<![\p{L}\d])sim(?=\d+(?:\.\d+)?(?:\\?%|×))/gu, '~'],
  [/(?<![\p{L}\d'’\\-])ell(?![\p{L}'’-])/gu, 'ℓ'], // O(d + ell), ell_1
  [/(?<=^|[{(,]\s?|[=≈]\s?)pm\s?(?=\d|i\b)/g, '±'], // {pm1, pm i}
  [/pm(?<=\p{Lu}\p{Ll}{2,20}pm) i\b/gu, '±i'], // Fairypm i
  [/(?<=\d)pm(?=\d)/g, '±'],
  [/(?<=\d\.\d{1,6})\s?pm\s?(?=\d)/g, ' ± '],
  [/(?<![\p{L}\d])([kmnpstdDKLMNT])gg (?=\d)/gu, '$1 ≫ '], // mgg 1
  [/(?<![\p{L}\d])([kmnpstDKLMNT])ll (?=\d)/gu, '$1 ≪ '],
  [/(?<![\p{L}\d-])epsilon(?=-\p{Ll})/gu, 'ε'], // epsilon-stationary
  [/(?<=\bO\([\w^]{0,6}\w)log(?=[ (]?\w)/g, ' log'], // O(nlog n)
  [
    /(?<![\p{L}\d\\])(leq|geq|neq|approx(?!\.)|infty|rightarrow|leftarrow|mapsto|cdot|propto|nabla)(?![\p{L}\d])/gu,
    (_, name) => (name && SYMBOLS[name]) ?? '',
  ],
  [/(?<![\p{L}\d\\])math(?:cal|bf|rm|sf|frak)\s?\{(\w)\}/gu, '$1'],
  [/(?<![\p{L}\d\\])math(?:cal|bb)\s?(?=[A-Z](?![\p{L}\d]))/gu, ''],
];

/** `Phi_R`, `mepsilon^{-3}`: a Greek name with a raised or lowered part, one letter at most in front of it. */
const GREEK_WITH_SCRIPT = new RegExp(
  `(?<![\\p{L}\\d_\\\\])([A-Za-z]?)(${GREEK})(?=\\^[\\d{+*-]|_(?:\\{|[A-Za-z0-9]{1,3}(?![A-Za-z0-9_])))`,
  'gu',
);

/**
 * Words that begin a sentence in abstracts: a full stop glued to one of them lost its space («performance.In»),
 * `torch.Tensor` did not.
 */
const STARTERS =
  'In|By|While|Code|Codes|Our|We|The|This|These|Those|That|It|Its|To|For|From|On|At|As|An|A|With|Without|Within|Here|However|Moreover|Furthermore|Additionally|Finally|Extensive|Experiments|Experimental|Results|Specifically|Unlike|Although|Though|Despite|Given|Based|Recent|Recently|Existing|Such|They|There|Their|When|Where|Whereas|Which|But|And|Also|Both|Thus|Therefore|Hence|Then|Next|First|Second|Third|Firstly|Secondly|Lastly|Inspired|Motivated|Project|Transformers|Transformer|Compared|Instead|Meanwhile|Nevertheless|Notably|Importantly|Through|Using|Since|Because|If|Yet|All|Each|Most|Many|Some|Several|Current|Previous|Prior|Empirical|Empirically|Theoretically|Remarkably|Surprisingly|Consequently|Besides|Leveraging|Building|Training|Evaluations?|Comprehensive|Source|Data|Models?|Please|Large|Deep|One|Two|Three';

const GLUED_SENTENCE = new RegExp(
  `(?<=[\\p{Ll}]{2}|[\\p{Lu}\\d]{3,12}\\p{Lu}|\\)|%)([.!?])(?=(?:${STARTERS})(?:,?\\s|$))`,
  'gu',
);
const GLUED_COLON = /:(?<=^[\p{L}\d][\p{L}\d+-]{0,40}:)(?=\p{Lu}\p{Ll}{2,}[\s-])/u;

/** Commands of prose without their backslash, or without the letter behind it too, which was taken for an escape. */
const LOST: readonly [RegExp, string][] = [
  [/(?<![\p{L}\d\\])(?=(?:emph|text(?:it|bf|tt|sc|rm|sf)|cite[tp]?|url|href)\{)/gu, '\\'], // emph{per se}
  [/(?<!\\)(?=footnote\{)/g, '\\'],
  [/(?<![\p{L}\d\\])(?=ext(?:it|bf|tt|sc|rm|sf)\{)/gu, '\\t'],
  [/(?<![\p{L}\d\\])(?=mph\{)/gu, '\\e'],
];

/** Restores commands that the capture cut off at their front. */
export function restoreCommands(text: string): string {
  if (!text.includes('{')) return text;
  let restored = text;
  for (const [found, put] of LOST) restored = restored.replace(found, put);
  return restored;
}

/** Restores signs whose backslash the capture lost. */
export function repairCapture(text: string): string {
  let repaired = text;
  for (const [found, put] of RULES)
    repaired = typeof put === 'string' ? repaired.replace(found, put) : repaired.replace(found, put);
  return repaired.replace(GREEK_WITH_SCRIPT, (_, letter: string, name: string) => letter + (SYMBOLS[name] ?? name));
}

/** Puts back the space behind a full stop, and behind a title's colon, that the capture lost. */
export function spaceSentences(text: string, where: 'title' | 'abstract'): string {
  const spaced = text.replace(GLUED_SENTENCE, '$1 ');
  return where === 'title' ? spaced.replace(GLUED_COLON, ': ') : spaced;
}
