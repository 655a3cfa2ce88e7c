import { parseRegExpLiteral, type AST } from '@eslint-community/regexpp';

/** A string that grows: what stands in front, what is repeated, what makes the match fail behind it. */
export interface Pump {
  prefix: string;
  unit: string;
  suffix: string;
}

/** Tried for every character class, beside the characters that the pattern itself names. */
const CHARACTERS = Array.from(' aA0.-_\n\t\\{}()[]<>"\'`*~^,;:!?/@#$%&=+|é中\u0301β’·•\u00a0\u200d\ud83d');
/** Most of each kind, so that a long alternation costs no more than a short one. */
const MOST = { samples: 3, alternatives: 4, units: 120, prefixes: 6, paired: 6 };
/** What hardly any pattern goes on with, and nothing. */
const SUFFIXES = ['\u0001', ''];
/** Ends at which `$` or `\S*$` doesn't hold. */
const ENDS = ['a ', '\u0001\n'];

/** Makes strings out of a pattern's own pieces, which would show that its time grows faster than they do. */
export function pumpsOf(pattern: RegExp): Pump[] {
  const { alternatives } = parseRegExpLiteral(pattern).pattern;
  const reader = readerOf(pattern);
  const units = new Set<string>();
  const prefixes = new Set<string>(['']);
  const singles = new Set<string>();
  for (const alternative of alternatives) reader.walk(alternative, '', { units, prefixes, singles });
  const repeated = [...singles].slice(0, MOST.paired);
  for (const one of repeated) for (const other of repeated) units.add(one + other);
  const fronts = repeated.length > 0 ? [...prefixes].slice(0, MOST.prefixes) : [''];
  const ends = pattern.source.includes('$') ? [...SUFFIXES, ...ENDS] : SUFFIXES;
  const bodies = [...units].filter((unit) => unit !== '').slice(0, MOST.units);
  return fronts.flatMap((prefix) => bodies.flatMap((unit) => ends.map((suffix) => ({ prefix, unit, suffix }))));
}

/** Writes a pump's string, of about so many UTF-16 units. */
export function pumped({ prefix, unit, suffix }: Pump, length: number): string {
  return prefix + unit.repeat(Math.max(1, Math.floor(length / unit.length))) + suffix;
}

interface Found {
  units: Set<string>;
  prefixes: Set<string>;
  singles: Set<string>;
}

function readerOf(pattern: RegExp) {
  const flags = pattern.flags.replace(/[gy]/g, '');
  const literals = [...new Set([...pattern.source].filter((character) => !'pP{}()[]|?*+\\'.includes(character)))];
  const memo = new Map<string, string[]>();

  /** Characters that a piece of one character matches. */
  function samples(raw: string): string[] {
    const known = memo.get(raw);
    if (known) return known;
    const exact = new RegExp(`^${raw}$`, flags);
    const found = [...CHARACTERS, ...literals].filter((character) => exact.test(character));
    const chosen = [...new Set([...found.slice(0, MOST.samples), ...found.slice(-1)])];
    memo.set(raw, chosen);
    return chosen;
  }

  /** Shortest texts that an element takes; the first is the one that goes into longer ones. */
  function witnesses(node: AST.Element): string[] {
    switch (node.type) {
      case 'Character':
      case 'CharacterClass':
      case 'CharacterSet':
      case 'ExpressionCharacterClass':
        return samples(node.raw);
      case 'Quantifier': {
        const once = witnesses(node.element);
        const shortest = (once[0] ?? '').repeat(node.min);
        return [shortest, ...once];
      }
      case 'Group':
      case 'CapturingGroup':
        return node.alternatives.slice(0, MOST.alternatives).map(whole);
      case 'Assertion':
        return node.kind === 'lookbehind' && !node.negate ? node.alternatives.slice(0, 2).map(whole) : [''];
      case 'Backreference':
        return Array.isArray(node.resolved) ? [''] : witnesses(node.resolved);
    }
  }

  function whole(alternative: AST.Alternative): string {
    return alternative.elements.map((element) => witnesses(element)[0] ?? '').join('');
  }

  /** Collects what can be repeated, and what stands in front of each place that repeats. */
  function walk(alternative: AST.Alternative, before: string, found: Found): void {
    let front = before;
    let stretches = ['']; // what stands between one place that repeats and the next ones
    for (const element of alternative.elements) {
      const texts = witnesses(element);
      for (const text of texts) found.units.add(text);
      if (element.type === 'Quantifier') {
        found.prefixes.add(front);
        for (const stretch of stretches) found.units.add(stretch);
        stretches.push('');
        if (element.max > 1) for (const text of texts) if ([...text].length === 1) found.singles.add(text);
      }
      const inner = element.type === 'Quantifier' ? element.element : element;
      if ('alternatives' in inner) for (const each of inner.alternatives.slice(0, 12)) walk(each, front, found);
      // With one of what may be left out.
      stretches = stretches.map((stretch) => stretch + (texts[0] || texts[1] || ''));
      if (element.type === 'Quantifier') stretches.push('');
      front += texts[0] ?? '';
    }
    for (const stretch of stretches) found.units.add(stretch);
    found.prefixes.add(front);
  }

  return { walk };
}
