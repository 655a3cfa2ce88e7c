import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wilsonInterval } from '../../src/lib/wilson.ts';

describe('wilsonInterval', () => {
  it.each([
    [0, 0, 0, 1],
    [0, 10, 0, 0.2775],
    [8, 10, 0.4902, 0.9433],
    [10, 10, 0.7225, 1],
    [81, 263, 0.2553, 0.3662], // Newcombe, Two-sided confidence intervals for the single proportion, 1998, table I
  ])('when %d of %d are, then the share lies between %d and %d', (hits, total, low, high) => {
    const found = wilsonInterval(hits, total);
    expect(found[0]).toBeCloseTo(low, 3);
    expect(found[1]).toBeCloseTo(high, 3);
  });

  it('when counted further at the same share, then it stays within [0,1], holds the share and narrows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 1, max: 500 }), (some, total) => {
        const hits = Math.min(some, total);
        const [low, high] = wilsonInterval(hits, total);
        const [nearer, further] = wilsonInterval(10 * hits, 10 * total);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(hits / total + 1e-12);
        expect(high).toBeGreaterThanOrEqual(hits / total - 1e-12);
        expect(further - nearer).toBeLessThan(high - low);
      }),
    );
  });
});
