import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { atOnce } from '../../../src/lib/slices.ts';
import { packConcepts, termsOf } from '../../../src/match/concepts/concept-texts.ts';
import { layOutLexicon, type Lexicon } from '../../../src/match/concepts/lexicon.ts';
import { readOwnConcepts } from '../../../src/match/concepts/own-concepts.ts';
import { openShippedLexicon, writeShippedLexicon } from '../../../src/match/concepts/shipped-lexicon.ts';
import type { Equivalents } from '../../../src/match/equivalents.ts';
import { readOwnEquivalents } from '../../../src/match/own-equivalents.ts';

const folder = mkdtempSync(join(tmpdir(), 'lexicon-'));
const file = join(folder, 'lexicon.bin');
const acronyms = readOwnEquivalents();
/** Some of them: packing all would take each test its seconds. */
const own = readOwnConcepts().slice(0, 400);
const texts = packConcepts(own);

beforeAll(() => writeShippedLexicon(file, texts));
afterAll(() => rmSync(folder, { recursive: true }));

/** Everything that a lexicon says. */
function saidBy({ concepts, names, topics, terms, conceptsOf, upwards }: Lexicon) {
  const all = Array.from({ length: terms.length }, (_, term) => terms.at(term)!);
  return {
    ...{ concepts: [...concepts], topics: [...topics], terms: all },
    conceptsOf: all.map((_, term) => [...conceptsOf(term)]),
    upwards: own.map((_, place) => [concepts.name(place), ...upwards(place)]),
    keyed: all.map(({ key }) => [...(terms.keyed(key) ?? []), terms.longestFrom(key.split(' ')[0] ?? '')]),
    named: own.flatMap(({ name, also }) => [name, ...also].map((one) => names.find(one))),
  };
}

test('when the concepts were packed into a file, then what is read from it says all that they do', () => {
  const read = atOnce(openShippedLexicon(acronyms, file, texts));
  const said = saidBy(read);
  expect(said).toEqual(saidBy(atOnce(layOutLexicon(own, acronyms))));
  expect(said.concepts).toEqual(own);
  expect(said.terms.length).toBeGreaterThan(own.flatMap(termsOf).length / 2);
});

test('when the concepts or the acronyms have changed since, then the file is not read', () => {
  const fewer = own.slice(0, 50);
  const read = atOnce(openShippedLexicon(acronyms, file, packConcepts(fewer)));
  expect(read.terms.length).toBe(atOnce(layOutLexicon(fewer, acronyms)).terms.length);
  const names = packConcepts([{ name: 'LLM agents', also: [], terms: [], broader: [] }]);
  writeShippedLexicon(join(folder, 'names.bin'), names);
  const found = (known: Equivalents) =>
    atOnce(openShippedLexicon(known, join(folder, 'names.bin'), names)).names.find('large language model agents');
  expect([found(acronyms), found(new Map())]).toEqual([0, -1]);
});

test('when a newer release left another file there, then what it cannot be read as is packed anew', () => {
  const other = join(folder, 'other.bin');
  writeFileSync(other, 'nothing of ours');
  expect(atOnce(openShippedLexicon(acronyms, other, texts)).concepts.length).toBe(own.length);
});

test('when it is read from the file, then that takes a fraction of the time that packing takes', () => {
  const timed = (path: string) => {
    const from = process.cpuUsage();
    atOnce(openShippedLexicon(acronyms, path, texts));
    const { user, system } = process.cpuUsage(from);
    return user + system;
  };
  const packing = timed(join(folder, 'none.bin'));
  const reading = Math.min(timed(file), timed(file), timed(file));
  expect(packing / reading).toBeGreaterThan(5);
});
