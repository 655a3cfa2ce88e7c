import { expect, it } from 'vitest';
import { createBufferPool } from '../../src/lib/buffers.ts';

it('when memory is given back, then it is the next to be taken, and never by two at once', () => {
  const pool = createBufferPool({ shared: false });
  const one = pool.take(50_000);
  const two = pool.take(50_000);
  expect(one).not.toBe(two);
  pool.give(one);
  expect(pool.take(60_000)).toBe(one);
  expect(pool.take(60_000)).not.toBe(one);
});

it('when more is asked for than was given back, then there is enough', () => {
  const pool = createBufferPool({ shared: true });
  pool.give(pool.take(1_000));
  for (const octets of [0, 65_536, 65_537, 300_000, 5_000_000]) {
    const buffer = pool.take(octets);
    expect(buffer.length).toBeGreaterThanOrEqual(octets);
    pool.give(buffer);
  }
});

it('when a piece of a buffer is given back, then it is not kept', () => {
  const pool = createBufferPool({ shared: true });
  const piece = pool.take(65_536).subarray(10, 200);
  pool.give(piece);
  expect(pool.take(100)).not.toBe(piece);
});
