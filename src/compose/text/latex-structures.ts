import { mark, type MarkedText } from './marked-text.ts';
import { plainRecord } from '../../lib/plain-record.ts';
import { chemistryInWords, numberInWords, unitInWords } from './latex-units.ts';

/** Expands what is in a group of a formula. */
type Expand = (text: string) => MarkedText;

/** A command of one or more groups: how many it has, and what it shows of them. */
interface Structure {
  groups: 1 | 2 | 3;
  /** Whether the groups are words of their own, which are not expanded. */
  raw?: true;
  show: (...groups: string[]) => MarkedText;
  /** Shown with what stands in square brackets in front of its groups. */
  option?: (option: string, inner: string) => MarkedText;
}

const between = (open: string, close: string): Structure => ({ groups: 1, show: (inner = '') => open + inner + close });
const arrow = (sign: string): Structure => ({ groups: 1, show: (over = '') => sign + mark('sup', over.trim()) });
const under: Structure = { groups: 2, show: (below = '', inner = '') => inner + mark('sub', below.trim()) };
const over: Structure = { groups: 2, show: (above = '', inner = '') => inner + mark('sup', above.trim()) };
const choose: Structure = { groups: 2, show: (above = '', below = '') => `(${above} choose ${below})` };
const quantity: Structure = {
  groups: 2,
  raw: true,
  show: (number = '', unit = '') => amount(numberInWords(number), unitInWords(unit)),
};
const range: Structure = {
  groups: 3,
  raw: true,
  show: (from = '', to = '', unit = '') => amount(`${numberInWords(from)}–${numberInWords(to)}`, unitInWords(unit)),
};
const unit: Structure = { groups: 1, raw: true, show: unitInWords };

/** Commands with groups, by name; packages: amsmath, braket, physics, mathtools, siunitx, mhchem. */
const STRUCTURES: Record<string, Structure> = plainRecord({
  binom: choose,
  dbinom: choose,
  tbinom: choose,
  underset: under,
  overset: over,
  stackrel: over,
  substack: { groups: 1, show: (inner = '') => inner },
  xrightarrow: arrow('→'),
  xleftarrow: arrow('←'),
  xlongrightarrow: arrow('→'),
  xhookrightarrow: arrow('↪'),
  xmapsto: arrow('↦'),
  ket: between('|', '⟩'),
  bra: between('⟨', '|'),
  braket: between('⟨', '⟩'),
  ketbra: { groups: 2, show: (ket = '', bra = '') => `|${ket}⟩⟨${bra}|` },
  expval: between('⟨', '⟩'),
  ev: between('⟨', '⟩'),
  abs: between('|', '|'),
  norm: between('‖', '‖'),
  ceil: between('⌈', '⌉'),
  floor: between('⌊', '⌋'),
  set: between('{', '}'),
  order: between('O(', ')'),
  pmod: between(' (mod ', ')'),
  pod: between(' (', ')'),
  sideset: { groups: 2, show: (left = '', right = '') => left + right },
  SI: quantity,
  qty: quantity,
  SIrange: range,
  qtyrange: range,
  numrange: { groups: 2, raw: true, show: (from = '', to = '') => `${numberInWords(from)}–${numberInWords(to)}` },
  num: { groups: 1, raw: true, show: numberInWords },
  si: unit,
  unit,
  ang: { groups: 1, raw: true, show: angleInWords },
  ce: { groups: 1, raw: true, show: chemistryInWords },
  sqrt: {
    groups: 1,
    show: (inner = '') => `√${bracketed(inner)}`,
    option: (root, inner) => `${mark('sup', root.trim())}√${bracketed(inner)}`,
  },
});

/** Reads a group at a place, or null. */
type ReadGroup = (text: string, at: number) => { inner: string; next: number } | null;

/** Shows a command with its groups; null where it isn't one or they are not there. */
export function showStructure(
  command: { text: string; name: string; after: number },
  expand: Expand,
  read: ReadGroup,
): { shown: MarkedText; next: number } | null {
  const structure = STRUCTURES[command.name];
  if (!structure) return null;
  const option = /^\*?\s?\[([^[\]]{0,60})\]/.exec(command.text.slice(command.after, command.after + 64));
  let next = command.after + (option?.[0].length ?? 0);
  const groups: string[] = [];
  while (groups.length < structure.groups) {
    if (/^\s/.test(command.text.charAt(next))) next++;
    const group = read(command.text, next);
    if (!group) return null;
    groups.push(structure.raw ? group.inner : expand(group.inner).trim());
    next = group.next;
  }
  const shown =
    option && structure.option ? structure.option(expand(option[1] ?? ''), groups[0] ?? '') : structure.show(...groups);
  return { shown, next };
}

/** `a \over b`, `n \choose k`: what stands between two parts of a group, written in front of them. */
const INFIX = /^([^{}]{0,80})\\(over|choose|atop)(?![a-zA-Z])([^{}]{0,80})$/;

/** Writes an infix command of plain TeX in front of its parts. */
export function prefixed(text: string): string {
  const found =
    text.includes('\\over') || text.includes('\\choose') || text.includes('\\atop') ? INFIX.exec(text) : null;
  if (!found) return text;
  const [, above = '', name = '', below = ''] = found;
  return `\\${name === 'over' ? 'frac' : 'binom'}{${above.trim()}}{${below.trim()}}`;
}

function angleInWords(source = ''): string {
  return `${source.split(';', 1).join('')}°`;
}

function amount(number: MarkedText, unit: string): MarkedText {
  return unit === '' || /^[°′″]$/.test(unit) ? number + unit : `${number} ${unit}`;
}

function bracketed(inner: MarkedText): MarkedText {
  return /^[\p{L}\p{N}.]+$/u.test(inner) ? inner : `(${inner})`;
}
