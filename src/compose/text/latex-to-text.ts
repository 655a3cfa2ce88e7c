import { closeUpSigns } from './close-up-signs.ts';
import { mark, endsMarked, type MarkedText } from './marked-text.ts';
import { splitFormulas } from './latex-formulas.ts';
import { accented, readArgument, readGroup } from './latex-group.ts';
import { repairCapture, restoreCommands, spaceSentences } from './capture-residue.ts';
import { expandKnown, type Step } from './latex-commands.ts';
import { tidySource } from './latex-source.ts';
import { prefixed, showStructure } from './latex-structures.ts';
import { ACCENTS, takesArgument } from './latex-symbols.ts';
import { openTextGroups } from './latex-text-groups.ts';
import { printedSigns } from './prose-signs.ts';

const ADDRESS = /(\bhttps?:\/\/[^\s<>"{}]+)/;
const ESCAPED_IN_ADDRESS = /\\([_%#&~])/g;
/**
 * What a step may see of the text shown so far, in UTF-16 units: to look at all of it each time would cost the square
 * of its length.
 */
const LOOKED_BACK = 64;
const FONT_SWITCH = /^\\(it|em|sl|itshape|bf|rm|tt|sc|sf|bfseries|ttfamily|textit|textbf)\b\s*/;

/**
 * Turns the LaTeX and the capture's residue in a title or abstract into readable text. Text without any comes out
 * unchanged; web addresses are kept whole; what is not understood is left as it stands.
 */
export function latexToText(text: string, where: 'title' | 'abstract' = 'abstract'): MarkedText {
  const source = tidySource(restoreCommands(text)).replace(/\\(?:url|nolinkurl)\{([^{}]*)\}/g, '$1');
  const parts = openTextGroups(source).split(ADDRESS);
  const shown = parts
    .map((part, at) => (at % 2 === 1 ? part.replace(ESCAPED_IN_ADDRESS, '$1') : readable(part, where)))
    .join('');
  return closeUpSigns(shown, text).trim();
}

function readable(text: string, where: 'title' | 'abstract'): MarkedText {
  return splitFormulas(text)
    .map(({ part, formula }, at, all) => {
      if (formula) return expand(prefixed(part), true).replace(/\s+/g, ' ').trim();
      const behind = at === 0 ? part : part.replace(/^~(?=[\p{L}\d\\(])/u, ' ');
      return prose(at === all.length - 1 ? behind : behind.replace(/(?<=[\p{L}.,;)])~$/u, ' '), where);
    })
    .join('');
}

function prose(text: string, where: 'title' | 'abstract'): MarkedText {
  if (text === '') return '';
  const expanded = expand(repairCapture(text), false);
  return printedSigns(spaceSentences(expanded, where)).replace(
    /(?<![\w*\\])\*{1,2}([^*\s](?:[^*]{0,120}[^*\s])?)\*{1,2}(?![\w*])/g,
    (_, inner: string) => mark('em', inner),
  );
}

/** Expands commands, groups, raised and lowered parts from left to right; `math` is the inside of a formula. */
function expand(text: string, math: boolean): MarkedText {
  if (!(math ? /[\\{}^_~&]/ : /[\\{}^_~]/).test(text)) return text;
  const settled: string[] = [];
  let shown = '';
  let at = 0;
  while (at < text.length) {
    const step = expandOne(text, at, shown, math);
    shown = step.shown;
    at = step.next;
    if (shown.length > LOOKED_BACK * 4) {
      settled.push(shown.slice(0, -LOOKED_BACK));
      shown = shown.slice(-LOOKED_BACK);
    }
  }
  return settled.join('') + shown;
}

function expandOne(text: string, at: number, shown: MarkedText, math: boolean): Step {
  const character = text[at] ?? '';
  if (character === '\\') return expandCommand(text, at, shown, math);
  if (character === '{') return expandGroup(text, at, shown, math);
  if (character === '^' || character === '_') return expandScript(text, at, shown, math);
  if (character === '}' && math) return { shown, next: at + 1 };
  if (character === '&' && math) return { shown: `${shown} `, next: at + 1 }; // columns of a matrix
  if (
    character === '~' &&
    (math || (/[\p{L}.\d)]/u.test(shown.slice(-1)) && /^~[\p{L}\d\\(]/u.test(text.slice(at, at + 2))))
  ) {
    const range = /\d/.test(shown.slice(-1)) && /\d/.test(text[at + 1] ?? '');
    return { shown: shown + (range && !math ? '~' : ' '), next: at + 1 };
  }
  return { shown: shown + character, next: at + 1 };
}

function expandCommand(text: string, at: number, shown: MarkedText, math: boolean): Step {
  const name = /^[a-zA-Z]+/.exec(text.slice(at + 1, at + 40))?.[0];
  if (name === undefined) return expandSign(text, at, shown, math);
  const after = at + 1 + name.length;
  const starred = text[after] === '*' ? after + 1 : after;
  const structure = showStructure({ text, name, after }, (inner) => expand(prefixed(inner), true), readGroup);
  if (structure) return { shown: shown + structure.shown, next: structure.next };
  const argument =
    readGroup(text, /^\s*/.exec(text.slice(starred, starred + 4))?.[0].length ? starred + 1 : starred) ??
    (takesArgument(name, math) ? readArgument(text, starred, math) : null);
  return (
    expandKnown({ text, name, after, argument, shown, math, expand }) ?? unknownCommand(text, at, shown, math, name)
  );
}

/** A font or an accent to which a capture glued its argument by losing the braces: `\mathbbR`. */
const GLUED =
  /^(?:(math(?:bb|cal|bf|rm|sf|frak|scr|it)|boldsymbol|text(?:rm|sf|bf|it|tt|sc)|emph|text|sqrt|bm)([A-Za-z]+)|((?:wide)?(?:tilde|hat)|bar|bf)([A-Za-z]))$/;

/**
 * A name of the authors' own (`\ours`): its argument, or itself without its backslash where it stands as a word, else
 * left as it is (a folder's name in a path).
 */
function unknownCommand(text: string, at: number, shown: MarkedText, math: boolean, name: string): Step {
  const after = at + 1 + name.length;
  const argument = readGroup(text, after);
  if (argument?.inner) return { shown: shown + expand(argument.inner, math), next: argument.next };
  const [, font, glued = '', accent, letter = ''] = GLUED.exec(name) ?? [];
  const known = font ?? accent;
  if (known !== undefined) return { shown: shown + expand(`\\${known}{${glued}${letter}}`, math), next: after };
  const behindNumber = /\d$/.test(shown) && name.length > 1;
  const asWord = math || behindNumber || !/[\p{L}\p{N}:\\/._]$/u.test(shown);
  if (!asWord) return { shown: `${shown}\\${name}`, next: after };
  const apart = behindNumber && !math ? ' ' : '';
  return { shown: shown + apart + name, next: text.startsWith('{}', after) ? after + 2 : after };
}

/** A backslash and a sign: an escape, an accent, a space. */
function expandSign(text: string, at: number, shown: MarkedText, math: boolean): Step {
  const sign = text[at + 1] ?? '';
  if (/[%&#$_{}]/.test(sign)) return { shown: shown + sign, next: at + 2 };
  if (sign === '|') return { shown: `${shown}‖`, next: at + 2 };
  if (math && /[,;:! >]/.test(sign)) return { shown: sign === '!' ? shown : `${shown} `, next: at + 2 };
  if (sign === '\\' && (math || /^(\s|\[|$)/.test(text.slice(at + 2, at + 3))))
    return { shown: `${shown} `, next: at + 2 };
  if (!math && /[,; ]/.test(sign) && /\S/.test(shown.slice(-1)))
    return { shown: shown + (sign === ' ' || sign === ',' ? ' ' : sign), next: at + 2 };
  if (sign in ACCENTS) {
    const group = readGroup(text, at + 2);
    const letter = group?.inner ?? /^\\?[a-zA-Z]/.exec(text.slice(at + 2, at + 4))?.[0] ?? '';
    if (/^([a-zA-Z]|\\[ij])$/.test(letter))
      return { shown: shown + accented(sign, letter), next: group?.next ?? at + 2 + letter.length };
  }
  return { shown: `${shown}\\`, next: at + 1 };
}

function expandGroup(text: string, at: number, shown: MarkedText, math: boolean): Step {
  const group = readGroup(text, at);
  if (!group) return { shown: math ? shown : `${shown}{`, next: at + 1 };
  const font = FONT_SWITCH.exec(group.inner);
  if (font) {
    const inner = expand(group.inner.slice(font[0].length), math).trim();
    return {
      shown: shown + (/^(it|em|sl|itshape|textit)$/.test(font[1] ?? '') ? mark('em', inner) : inner),
      next: group.next,
    };
  }
  const inner = expand(math ? prefixed(group.inner) : group.inner, math);
  // A group that only protects: an accent, a command, a doubled brace, the tail of a raised part, a letter's case
  // («{M}amba»).
  const protects =
    /^\\/.test(group.inner) ||
    /^\{.*\}$/.test(group.inner) ||
    endsMarked(shown) ||
    /^\p{Lu}[\p{L}\d]*$|^[=<>+,.:-]$|^[^\p{ASCII}]{1,2}$/u.test(group.inner);
  return { shown: shown + (math || protects ? inner : `{${inner}}`), next: group.next };
}

/** `x^2`, `x_{i,j}`: in prose only where it can hardly be anything else than a formula. */
function expandScript(text: string, at: number, shown: MarkedText, math: boolean): Step {
  const style = text[at] === '^' ? 'sup' : 'sub';
  // x_\mathrm{max}
  const command = /^\\(?:math|text|operatorname)[a-z]*(?=\{)/.exec(text.slice(at + 1, at + 20))?.[0] ?? '';
  const group = readGroup(text, at + 1 + command.length);
  const rest = text.slice(at + 1, at + 12);
  const base = shown.slice(-12);
  const bare = math
    ? (/^\\[a-zA-Z]+|^[^\s\\]/u.exec(rest)?.[0] ?? '')
    : ((style === 'sup'
        ? /^(?:[-+]?\d{1,4}|\\[a-zA-Z]{2,12}|[A-Za-z*])(?![\p{L}\d_^{])|^[23](?=\p{L})/u
        : /^(?:\d{1,2}(?=(?!D)\p{Lu}(?![\p{L}\d_]))|(?:\\[a-zA-Z]{2,12}(?![a-zA-Z{])|[A-Za-z0-9]{1,3})(?![\p{L}\d_]))/u
      ).exec(rest)?.[0] ?? '');
  const fits =
    math ||
    (style === 'sup'
      ? /[\p{L}\p{N})\]]$/u.test(base) || endsMarked(base)
      : /(?:^|[^\p{L}\p{N}_])\p{L}$|\p{Script=Greek}$|[ℓ\p{M}]$/u.test(base) || endsMarked(base));
  if (!fits || (group ? group.inner.length > 60 || group.inner === '' : bare === ''))
    return { shown: shown + (text[at] ?? ''), next: at + 1 };
  const inner = expand(group ? group.inner : bare, true).trim();
  return { shown: shown + mark(style, inner), next: group ? group.next : at + 1 + bare.length };
}
