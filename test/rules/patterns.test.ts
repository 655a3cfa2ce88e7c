import { describe, expect, test } from 'vitest';
import { outgrows } from '../support/growth.ts';
import { findPatterns } from '../support/patterns.ts';
import { pumped, pumpsOf } from '../support/pumps.ts';
import { often } from '../support/thorough.ts';

/** Patterns that may take the square of a text's length, since no text from outside comes to them; and why. */
const EXCEPTIONS = new Map([
  [
    'compose/render.ts: /\\{\\{#\\*inline "([a-z-]+)"\\}\\}([\\s\\S]*?)\\{\\{\\/inline\\}\\}/g',
    'our own templates, at start',
  ],
  ['compose/render.ts: /[ \\t]*\\n\\s*/g', 'our own templates, at start'],
  ['settings.ts: /^\\s*(?:"?([^"<>]*?)"?\\s*<([^<>]+)>|([^<>\\s]+))\\s*$/', "the operator's settings, at start"],
  ['model/relay.ts: /\\s*,\\s*(?=[a-z][a-z0-9+.-]*:\\/\\/)/i', "the operator's settings, at start"],
]);

/** A busy machine takes its time; what counts is that of the processor. */
const PATIENCE_MS = 300_000;

const { patterns, inside } = await findPatterns();

/** Returns the first of the strings made of a pattern's own pieces that costs more than it should. */
function slowestPump(pattern: RegExp): string | null {
  const everywhere = new RegExp(pattern, [...new Set(`g${pattern.flags}`)].join(''));
  for (const [at, pump] of pumpsOf(pattern).entries()) {
    if (at % often(1, 3) !== 0) continue;
    const told = outgrows(
      (text) => text.replace(everywhere, ''),
      (length) => pumped(pump, length),
    );
    if (told) return `${JSON.stringify(pump)}: ${told}`;
  }
  return null;
}

describe('the regular expressions of the sources', () => {
  test('when the sources are read, then all of them are found: none is made within a function, where no test could see it', () => {
    expect(inside).toEqual([]);
    expect(patterns.length).toBeGreaterThan(300);
    expect(patterns.filter(({ file }) => file === 'compose/text/capture-residue.ts').length).toBeGreaterThan(15);
    for (const name of EXCEPTIONS.keys()) expect(patterns.map((pattern) => pattern.name)).toContain(name);
  });

  test.each([/\s+$/, /a+b/, /x(?:\w* )?GitHub[^x]*y/, /^\s*\d*\s*z$/, /(?<=[.!][)]*)\s/, /(a|aa)+$/, /<b[^>]*>/])(
    'when %s comes to the check, then it is found out',
    (pattern) => expect(slowestPump(pattern)).not.toBeNull(),
  );

  test.each(patterns.filter(({ name }) => !EXCEPTIONS.has(name)))(
    'when 64 kB of its own pieces come to $name, then its time grows no faster than they do',
    ({ pattern }) => expect(slowestPump(pattern)).toBeNull(),
    PATIENCE_MS,
  );
});
