import { expect, test } from 'vitest';
import { confuse } from '../../bench/sources/confusion.ts';
import { drawDays, inventDays, readDays } from '../../bench/sources/days.ts';
import { MUST_CATCH } from '../../bench/sources/faults.ts';
import { playFilling } from '../../bench/sources/filling.ts';
import { randomOf } from '../../bench/train-vectors/random.ts';
import type { ParsedDigest } from '../../src/model/digest.ts';
import { sharedPath } from '../support/shared.ts';

const DAYS = 250;
const archive = sharedPath('data', 'digests', 'hf-json');
const runsOf: [string, (random: () => number) => ParsedDigest[]][] = [
  ['invented', (random) => inventDays(DAYS, random)],
  ...(archive ? [readDays(archive, /\.json$/)] : []).map((real): [string, (random: () => number) => ParsedDigest[]] => [
    'archived',
    (random) => drawDays(real, DAYS, random),
  ]),
];

test.each(runsOf)(
  'when %s days are judged, whole and with each fault, then faults are caught and whole days pass',
  (_, of) => {
    const { whole, faults, falseAlarms } = confuse(of(randomOf(1)), randomOf(2));
    expect(falseAlarms.length, falseAlarms.join('\n')).toBeLessThanOrEqual(whole.judged / DAYS);
    for (const { fault, judged, caught } of faults) {
      if (MUST_CATCH.includes(fault)) expect([fault, caught >= judged * 0.99]).toEqual([fault, true]);
    }
  },
);

test.skipIf(!archive)('when archived days fill hour by hour and end whole, then there is no alarm at any hour', () => {
  const { days, looks, filling, alarms } = playFilling(archive!);
  expect(alarms).toEqual([]);
  expect([days, looks > 500, filling > 0]).toEqual([22, true, true]);
});
