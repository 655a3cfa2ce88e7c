import { trimEndOf } from '../../lib/trim.ts';
import { accented, readGroup } from './latex-group.ts';
import { ACCENTS, BLACKBOARD, DROPPED, EMPHASISED, MATH_ACCENTS, SHOWN, SILENT, SYMBOLS } from './latex-symbols.ts';
import { endsMarked, mark, type MarkedText } from './marked-text.ts';

/** The text shown after a step, and where in the source to go on. */
export interface Step {
  shown: MarkedText;
  next: number;
}

/** A command that was met: `\name`, perhaps with a star and a group behind it. */
export interface LatexCommand {
  text: string;
  name: string;
  /** Place behind the name. */
  after: number;
  argument: Group | null;
  /** What is shown in front of it. */
  shown: MarkedText;
  /** Whether it stands in a formula. */
  math: boolean;
  /** Expands what is in a group. */
  expand: (text: string, math: boolean) => MarkedText;
}

interface Group {
  inner: string;
  next: number;
}

/** What a kind of command shows; null where it is not written as it should be. */
interface Rule {
  applies: (command: LatexCommand) => boolean;
  show: (command: LatexCommand, argument: Group) => Step | null;
}

/** Letters of their own, which end at a blank: `Bj\o rn`. */
const LETTER = /^(ss|[oOlLij]|ae|AE|oe|OE|aa|AA|dh|DH|th|TH)$/;
/** Signs that stand against what follows them in a formula: `\Delta t` is Δt. */
const LEADS = /^[\p{Script=Greek}∇∂⟨⌊⌈]$/u;

/** The first rule that applies decides. Those from `withArgument` ask for a group behind the command. */
const RULES: readonly Rule[] = [
  withArgument((name) => name === 'textcolor', colour),
  { applies: ({ name }) => DROPPED.has(name), show: drop },
  withArgument((name) => EMPHASISED.has(name), marked('em')),
  withArgument((name) => SHOWN.has(name), unmarked),
  withArgument((name) => name === 'textsuperscript', marked('sup')),
  withArgument((name) => name === 'textsubscript', marked('sub')),
  { applies: ({ name }) => /^(mathbb|mathds|Bbb)$/.test(name), show: blackboard },
  withArgument((name) => /^[dt]?frac$|^nicefrac$/.test(name), fraction),
  {
    applies: (command) => command.math && /^[dt]?frac$/.test(command.name) && bareDigits(command) !== '',
    show: bareFraction,
  },
  withArgument((name) => name === 'not', negation),
  withArgument((name) => name === 'sqrt', root),
  withArgument((name) => MATH_ACCENTS[name] !== undefined, mathAccent),
  { applies: isAccent, show: accent },
  { applies: ({ name }) => SILENT.has(name), show: silent },
  { applies: ({ name }) => SYMBOLS[name] !== undefined, show: symbol },
];

/** Expands a command that is known; null where it is not, or is not written as it should be. */
export function expandKnown(command: LatexCommand): Step | null {
  const rule = RULES.find(({ applies }) => applies(command));
  return rule?.show(command, command.argument ?? { inner: '', next: command.after }) ?? null;
}

function withArgument(named: (name: string) => boolean, show: Rule['show']): Rule {
  return { applies: ({ name, argument }) => argument !== null && named(name), show };
}

function colour({ text, shown, math, expand }: LatexCommand, { next }: Group): Step | null {
  const coloured = readGroup(text, next);
  return coloured && { shown: shown + expand(coloured.inner, math), next: coloured.next };
}

function drop({ shown, argument }: LatexCommand): Step | null {
  return argument && { shown: trimEndOf(shown, /[\s~]/), next: argument.next };
}

function marked(style: 'em' | 'sup' | 'sub'): Rule['show'] {
  return ({ shown, math, expand }, { inner, next }) => ({
    shown: shown + mark(style, expand(inner, style === 'em' ? math : true)),
    next,
  });
}

function unmarked({ shown, math, expand }: LatexCommand, { inner, next }: Group): Step {
  return { shown: shown + expand(inner, math), next };
}

function blackboard({ text, after, argument, shown }: LatexCommand): Step {
  const letter = argument ? argument.inner : (text[after] ?? '').trim();
  return { shown: shown + (BLACKBOARD[letter] ?? letter), next: argument?.next ?? after + 1 };
}

function fraction(command: LatexCommand, above: Group): Step | null {
  const below = readGroup(command.text, above.next);
  if (!below) return null;
  return {
    shown: `${command.shown}${bracketed(command, above.inner)}/${bracketed(command, below.inner)}`,
    next: below.next,
  };
}

/** `\frac12`, `\frac n2`: two signs without braces; empty where they are none. */
function bareDigits({ text, after }: LatexCommand): string {
  return /^ ?[\p{L}\d] ?[\p{L}\d]/u.exec(text.slice(after, after + 4))?.[0] ?? '';
}

function bareFraction(command: LatexCommand): Step {
  const digits = bareDigits(command);
  const [above = '', below = ''] = digits.replaceAll(' ', '');
  return { shown: `${command.shown}${above}/${below}`, next: command.after + digits.length };
}

function negation({ shown, math, expand }: LatexCommand, { inner, next }: Group): Step {
  return { shown: shown + `${expand(inner, math)}\u0338`.normalize('NFC'), next };
}

function root(command: LatexCommand, { inner, next }: Group): Step {
  return { shown: `${command.shown}√${bracketed(command, inner)}`, next };
}

function mathAccent({ name, shown, math, expand }: LatexCommand, argument: Group): Step {
  const inner = expand(argument.inner, math);
  const accent = MATH_ACCENTS[name] ?? '';
  return {
    shown: shown + (/^\p{L}$/u.test(inner) ? (inner + accent).normalize('NFC') : inner),
    next: argument.next,
  };
}

function isAccent({ name, text, after, argument }: LatexCommand): boolean {
  return ACCENTS[name] !== undefined && (argument !== null || /^ [a-zA-Z]/.test(text.slice(after, after + 2)));
}

function accent({ name, text, after, argument, shown }: LatexCommand): Step | null {
  const letter = argument ? argument.inner : (text[after + 1] ?? '');
  if (!/^(\p{L}|\\[ij])$/u.test(letter)) return null;
  return { shown: shown + accented(name, letter), next: argument?.next ?? after + 2 };
}

function silent({ name, text, after, shown }: LatexCommand): Step {
  if (/^(?:left|right|middle)$/.test(name) && /[.<>]/.test(text.charAt(after))) {
    return { shown: shown + ({ '<': '⟨', '>': '⟩' }[text.charAt(after)] ?? ''), next: after + 1 };
  }
  return { shown, next: text[after] === ' ' ? after + 1 : after };
}

function symbol({ name, text, after, shown, math }: LatexCommand): Step {
  const sign = SYMBOLS[name] ?? '';
  const apartAsUnit = name === 'AA' && /[\d\s]$/.test(shown);
  const leads = math && LEADS.test(sign) && /^ [\p{L}\p{N}(|]/u.test(text.slice(after, after + 2));
  const swallows =
    text[after] === ' ' && ((LETTER.test(name) && !apartAsUnit) || leads || (math && tight(shown, sign)));
  const apart = math && sign === name && (/[\p{L}\p{N})]$/u.test(shown) || endsMarked(shown)) ? ' ' : ''; // n\log n
  return { shown: shown + apart + sign, next: text.startsWith('{}', after) ? after + 2 : after + (swallows ? 1 : 0) };
}

/**
 * Tells whether a sign stands against what is in front of it, so that the blank which ends its command is none:
 * `k\ll d`.
 */
function tight(shown: MarkedText, sign: string): boolean {
  return (/[\p{L}\p{N})\]}|%]$/u.test(shown) || endsMarked(shown)) && !/^[\p{L}\\]/u.test(sign);
}

function bracketed({ expand }: LatexCommand, source: string): MarkedText {
  const inner = expand(source, true).trim();
  return /^[\p{L}\p{N}.]+$/u.test(inner) ? inner : `(${inner})`;
}
