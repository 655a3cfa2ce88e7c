import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { MATCHER_VERSION } from '../../src/match/matcher.ts';

/** The knowledge each version of the matcher was released with. */
const KNOWLEDGE: Record<number, string> = {
  1: 'adff45e8452b1140',
  2: 'adff45e8452b1140',
  3: 'adff45e8452b1140',
  4: '519de6a9c27d1d45',
  5: '84acb0173f3c720c',
  6: '84acb0173f3c720c',
  7: 'a2f15917e23bebf4',
  8: 'a2f15917e23bebf4',
  9: 'a2f15917e23bebf4',
};

test('scores that may have changed are told by the version: raise MATCHER_VERSION when topics, twins or vectors change', async () => {
  const hash = createHash('sha256');
  for (const name of [
    'topics.json',
    'concepts.json',
    'concept-rates.json',
    'equivalents.json',
    'acronyms.json',
    'decision.json',
    'vectors/units.json',
    'vectors/unit-vectors.int8.bin',
    'vectors/unit-scales.f32.bin',
    'vectors/interest-weights.f32.bin',
    'vectors/paper-weights.f32.bin',
    'vectors/papers-with-unit.u32.bin',
  ]) {
    hash.update(await readFile(join(PACKAGE_ROOT, 'seeds', name)));
  }
  expect(hash.digest('hex').slice(0, 16)).toBe(KNOWLEDGE[MATCHER_VERSION]);
});
