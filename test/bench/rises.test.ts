import { expect, test } from 'vitest';
import { risesOf, type Sample, type Watched } from '../../bench/soak/rises.ts';

const WATCHED: Watched = { name: 'mb', unit: 'MB', bound: 10 };

/** A look each ten seconds for so many minutes. */
function looks(minutes: number, mbAt: (seconds: number, n: number) => number): Sample[] {
  return Array.from({ length: minutes * 6 }, (_, n) => ({ atSeconds: n * 10, values: { mb: mbAt(n * 10, n) } }));
}
const verdictOf = (samples: Sample[], watched = WATCHED, warm = 0) => risesOf(samples, [watched], warm)[0]!;

test('when something stays, or scatters about what it is, then it is flat', () => {
  expect(verdictOf(looks(20, () => 200))).toMatchObject({ verdict: 'flat', perTenMinutes: 0, from: 200, to: 200 });
  expect(verdictOf(looks(20, (_, n) => 200 + (n % 2) * 8)).verdict).toBe('flat');
});

test('when it rises by more than may be, then that is said, however it scatters, and by how much', () => {
  const rise = verdictOf(looks(20, (seconds, n) => 200 + (seconds / 600) * 15 + (n % 2) * 8));
  expect(rise.verdict).toBe('rises');
  expect(rise.perTenMinutes).toBeCloseTo(15, 0);
  expect(verdictOf(looks(20, (seconds) => 200 + (seconds / 600) * 5)).verdict).toBe('flat');
});

test('when it rose only while it became warm, then that does not count', () => {
  const warming = looks(20, (seconds) => 100 + Math.min(seconds, 300));
  expect([verdictOf(warming).verdict, verdictOf(warming, WATCHED, 300).verdict]).toEqual(['rises', 'flat']);
});

test('when looks are few, or scatter more than the bound, then nothing is claimed', () => {
  expect(verdictOf(looks(20, (_, n) => [200, 900, 400, 700][(n * 7) % 4]!)).verdict).toBe('unknown');
  expect(
    verdictOf(
      looks(1, () => 200),
      WATCHED,
      30,
    ).verdict,
  ).toBe('unknown');
});

test('when memory is looked at, then what is left after a collection counts', () => {
  const saw = (leak: number) => looks(20, (seconds, n) => 200 + (n % 6) * 30 + (seconds / 600) * leak);
  const least = { ...WATCHED, leastOfMinute: true };
  expect([verdictOf(saw(0), least).verdict, verdictOf(saw(25), least).verdict]).toEqual(['flat', 'rises']);
});
