import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { countUnits } from '../../src/match/units.ts';
import { interestVector, paperVector, readVectors, unitTable, usualCosine } from '../../src/match/vectors.ts';
import { stemOf } from '../../src/match/tokens.ts';

const [robot, grasp, gallium] = ['robots', 'grasp', 'gallium'].map(stemOf);
const units = [robot!, grasp!, gallium!, '=BCI', '=SAM', `${robot!} ${grasp!}`, `mixtur of ${grasp!}`, '=US'];

describe('units of a text', () => {
  test.each([
    ['stems, whatever their inflection', 'Robots, a robot', { [robot!]: 2 }],
    ['a phrase beside its words', 'robot-grasp', { [robot!]: 1, [grasp!]: 1, [`${robot!} ${grasp!}`]: 1 }],
    ['no phrase across punctuation', 'robots; grasp', { [robot!]: 1, [grasp!]: 1 }],
    ['no phrase across a formula or an address', 'robot \\alpha grasp', { [robot!]: 1, [grasp!]: 1 }],
    ['capitals as they are, in the plural too', 'Two BCIs and one BCI', { '=BCI': 2 }],
    ['small letters for capitals that stand alone', 'the bci and bcis', { '=BCI': 2 }],
    ['a capital at the beginning of what was typed', 'Bci', { '=BCI': 1 }],
    ['a name is no acronym', 'By Sam', {}],
    ['mixed letters are no acronym', 'BcI', {}],
    ['a stop word is no acronym', 'between us', {}],
    ['but its capitals are', 'in the US', { '=US': 1 }],
    ['nothing in nothing', '', {}],
  ])('%s', (_, text, wanted) => {
    const counts = countUnits(text, unitTable(units));
    expect(Object.fromEntries([...counts].map(([row, count]) => [units[row], count]))).toEqual(wanted);
  });
});

describe('vectors of papers and interests', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vectors-'));
    const floats = (name: string, values: number[]) => writeFile(join(folder, name), Float32Array.from(values));
    await writeFile(join(folder, 'units.json'), JSON.stringify({ dimensions: 2, texts: 9, units: [robot, grasp] }));
    await writeFile(join(folder, 'unit-vectors.int8.bin'), Int8Array.of(127, 0, 0, 127));
    await writeFile(join(folder, 'papers-with-unit.u32.bin'), Uint32Array.of(5, 4));
    await floats('unit-scales.f32.bin', [1 / 127, 2 / 127]);
    await floats('interest-weights.f32.bin', [1, 0.5]);
    await floats('paper-weights.f32.bin', [2, 1]);
    await floats('known-mean.f32.bin', [0.5, 0.25]);
    await floats('known-cov.f32.bin', [0.04, 0, 0, 0.09]);
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('sum weighted units, those of the title more, and have length 1', () => {
    const vectors = readVectors(folder);
    const expected = [2 * (1.5 + 1 + Math.log(2)), 2];
    const length = Math.hypot(...expected);
    const found = paperVector(vectors, 'A robot', 'Robots that grasp, robots');
    expect([...found]).toEqual([expect.closeTo(expected[0]! / length, 5), expect.closeTo(expected[1]! / length, 5)]);
    expect([...interestVector(vectors, ['robot grasp'])]).toEqual([
      expect.closeTo(Math.SQRT1_2, 5),
      expect.closeTo(Math.SQRT1_2, 5),
    ]);
  });

  test('hear the keywords that somebody else gave a little', () => {
    const expected = [2 * 2.5, 0.2 * 2];
    const length = Math.hypot(...expected);
    const found = paperVector(readVectors(folder), 'robot', 'robot', undefined, 0, ['grasp']);
    expect([...found]).toEqual(expected.map((value) => expect.closeTo(value / length, 5) as number));
  });

  test('are written where they are wanted', () => {
    const into = Float32Array.of(9, 9, 9, 9, 9, 9);
    expect(paperVector(readVectors(folder), 'grasp', '', into, 2)).toBe(into);
    expect([...into]).toEqual([9, 9, 0, 1, 9, 9]);
  });

  test('are all 0 where nothing is known', () => {
    const vectors = readVectors(folder);
    expect([...paperVector(vectors, 'Unheard', 'of')]).toEqual([0, 0]);
    expect([...interestVector(vectors, ['unheard', 'of'])]).toEqual([0, 0]);
    expect([...interestVector(vectors, [])]).toEqual([0, 0]);
  });

  test('count other forms of an interest half, all together', () => {
    const vectors = readVectors(folder);
    const length = Math.hypot(1, 0.5);
    const wanted = [expect.closeTo(1 / length, 5), expect.closeTo(0.5 / length, 5)];
    expect([...interestVector(vectors, ['robot', 'grasp'])]).toEqual(wanted);
    expect([...interestVector(vectors, ['robot', 'grasp', 'grasp', 'unheard'])]).toEqual(wanted);
    expect([...interestVector(vectors, ['unheard', 'grasp'])]).toEqual([0, 1]);
  });

  test('say what is usual among known papers', () => {
    const usual = usualCosine(readVectors(folder), Float32Array.of(0.6, 0.8));
    expect(usual.mean).toBeCloseTo(0.5, 5);
    expect(usual.deviation).toBeCloseTo(Math.sqrt(0.36 * 0.04 + 0.64 * 0.09), 5);
  });

  test('are refused where the files do not belong together', async () => {
    await writeFile(join(folder, 'papers-with-unit.u32.bin'), Uint32Array.of(5));
    expect(() => readVectors(folder)).toThrow('papersWithUnit has 1 numbers, 2 expected for 2 units of 2 dimensions');
  });
});
