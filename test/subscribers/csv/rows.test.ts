import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Wish } from '../../../src/model/interest.ts';
import { CSV_COLUMNS, type CsvRecord } from '../../../src/subscribers/csv/columns.ts';
import { checkRow, quoteFormulas, toRecord } from '../../../src/subscribers/csv/rows.ts';
import { checkSignUp } from '../../../src/subscribers/sign-up.ts';
import { often } from '../../support/thorough.ts';

const NOW = new Date('2026-01-05T12:00:00Z');
const SETTINGS = { topics: new Set(['robotics', 'constructor', '__proto__', 'toString']), maxPapers: 10 };

/** Texts made of what splits, quotes or begins a formula, and of what every object has. */
const piece = fc.constantFrom(
  ...[
    '=',
    '+',
    '-',
    '@',
    '＝',
    ';',
    '\t',
    '\r',
    '\n',
    ',',
    '|',
    "'",
    "''",
    '"',
    '\\',
    '\\\\',
    '\\;',
    ' ',
    'a',
    'graph',
    '1',
  ],
  ...['constructor', '__proto__', '\\toString', 'hasOwnProperty', '{{x}}', '=cmd|calc', '=1+1', "'=1"],
);
const text = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => pieces.join(''));
const texts = fc.array(text, { maxLength: 4 });

/** Writes a reader as the export does and reads it as the import does. */
function throughCsv(wishes: readonly Wish[], source: string) {
  const record = toRecord({
    ...{
      email: '=ada+x@example.org',
      status: 'confirmed',
      consent: { at: new Date('2025-06-01T10:00:00Z'), source },
      wishes,
    },
    ...{
      cadence: 'daily',
      weekday: 1,
      hour: 8,
      timeZone: 'UTC',
      maxPapers: 10,
      selectivity: 'normal' as const,
      perhaps: true,
      language: 'en',
    },
  });
  const cells = CSV_COLUMNS.map((column) => quoteFormulas(record[column]));
  const [row] = parse<CsvRecord>(stringify([cells]), { trim: true, relax_quotes: true, columns: [...CSV_COLUMNS] });
  return checkRow(row ?? {}, 2, SETTINGS, NOW);
}

test('when a reader is exported and imported, then every wish and the evidence are as they were', () => {
  fc.assert(
    fc.property(texts, texts, texts, texts, text, (interests, authors, organizations, muted, source) => {
      const given = { email: '=ada+x@example.org', interests, authors, organizations, muted };
      const signedUp = checkSignUp(given, SETTINGS);
      fc.pre(signedUp.ok);
      if (!signedUp.ok) return;
      const back = throughCsv(signedUp.value.wishes, source.trim());
      expect(back).toMatchObject({ ok: true, row: { email: signedUp.value.email } });
      if (!back.ok) return;
      const order = (wishes: readonly Wish[]) => wishes.map((wish) => JSON.stringify(wish)).sort();
      expect(order(back.row.wishes)).toEqual(order(signedUp.value.wishes));
      expect(back.row.consent?.source ?? '').toBe(source.trim());
    }),
    { numRuns: often(3_000, 500) },
  );
});

describe('formulas', () => {
  test('when a value is exported, then no program that splits at commas, semicolons or tabs finds a formula', () => {
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 4 }), (values) => {
        const line = stringify([values.map(quoteFormulas)]);
        const cells = [line.split(/[;\t\r\n|]/), parse(line).flat()].flat();
        for (const cell of cells) expect(cell).not.toMatch(/^[\s"]*[=+\-@＝＋－＠]/); // quotes of a cell's own
      }),
      { numRuns: often(3_000, 500) },
    );
  });

  test.each([
    ['=1+1', "'=1+1"],
    ['graphs;=cmd|calc', "graphs;'=cmd|calc"],
    ['graphs\\;=1', "graphs\\;'=1"],
    ['a\t@SUM(1)', "a\t'@SUM(1)"],
    ["'=1", "''=1"],
    ['a;"=1"', 'a;\'"=1"'],
    ['a\t" =1"', 'a\t\'" =1"'],
    ["a;'\"'=1", "a;''\"'=1"],
    ['a;"b=1"', 'a;"b=1"'],
    ['\t=1', "'\t'=1"],
    ['a = b, c-d; e', 'a = b, c-d; e'],
  ])('%j is written %j', (value, written) => {
    expect(quoteFormulas(value)).toBe(written);
  });

  test.each([
    ["graphs;'=1", ['graphs', '=1']],
    ['graphs;=1;trees', ['graphs', '=1', 'trees']],
    ['one\\;two;three', ['one;two', 'three']],
    ['\\toString;\\alpha', ['\\toString', '\\alpha']],
    ['graphs\\\\;b', ['graphs\\', 'b']],
    ['graphs\\', ['graphs\\']],
  ])('when a hand writes %j, then it is read as %j', (interests, expected) => {
    const row = checkRow({ email: 'ada@example.org', interests }, 2, SETTINGS, NOW);
    expect(row.ok && row.row.wishes.map((wish) => wish.text)).toEqual(expected);
  });
});

test('when a row says how strict to be, then it is taken, left open where it is empty, and refused where it is another word', () => {
  const read = (selectivity: string) => checkRow({ email: 'ada@example.org', selectivity }, 2, SETTINGS, NOW);
  expect(read('more')).toMatchObject({ ok: true, row: { preferences: { selectivity: 'more' } } });
  const open = read('');
  expect(open.ok && open.row.preferences.selectivity).toBeUndefined();
  const perhaps = (text: string) => checkRow({ email: 'ada@example.org', perhaps: text }, 2, SETTINGS, NOW);
  for (const [said, is] of [
    ['yes', true],
    ['TRUE', true],
    ['no', false],
    ['', undefined],
  ] as const) {
    const checked = perhaps(said);
    expect(checked.ok && checked.row.preferences.perhaps).toBe(is);
  }
  expect(perhaps('often')).toMatchObject({ ok: false, reason: 'perhaps: expected yes (true) or no (false)' });
  expect(read('all')).toMatchObject({ ok: false, reason: 'selectivity: expected one of sure, normal, more' });
});
