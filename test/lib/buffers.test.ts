import { expect, it } from 'vitest';
import { createBufferPool, openChunks } from '../../src/lib/buffers.ts';

/** Vitest's `toBe` compares what is not the same octet by octet, for a hint: minutes where the machine is busy. */
const isSame = (one: Buffer, other: Buffer) => one === other;

it('when memory is given back, then it is the next to be lent, and never to two at once', () => {
  const pool = createBufferPool({ shared: false });
  const one = pool.lend(50_000);
  const two = pool.lend(50_000);
  expect(isSame(one.buffer, two.buffer)).toBe(false);
  one.release();
  expect(isSame(pool.lend(60_000).buffer, one.buffer)).toBe(true);
  expect(isSame(pool.lend(60_000).buffer, one.buffer)).toBe(false);
});

it('when memory is given back twice, also after it was lent again, then nobody shares it', () => {
  const pool = createBufferPool({ shared: true });
  const first = pool.lend(50_000);
  first.release();
  first.release();
  const second = pool.lend(50_000);
  first.release();
  const all = [second, pool.lend(50_000), pool.lend(50_000)].map(({ buffer }) => buffer);
  expect(new Set(all).size).toBe(3);
});

it('when more is asked for than was given back, then there is enough', () => {
  const pool = createBufferPool({ shared: true });
  pool.lend(1_000).release();
  for (const octets of [0, 65_536, 65_537, 300_000, 5_000_000]) {
    const { buffer, release } = pool.lend(octets);
    expect(buffer.length).toBeGreaterThanOrEqual(octets);
    release();
  }
});

it('when very much is given back, then it is not kept', () => {
  const pool = createBufferPool({ shared: false });
  const large = pool.lend(2_000_000);
  large.release();
  expect(isSame(pool.lend(2_000_000).buffer, large.buffer)).toBe(false);
});

it('when small things are kept in one chunk after the other, then none shares an octet with another', () => {
  const memory = openChunks();
  const sizes = Array.from({ length: 400 }, (_, at) => (at * 977) % 5_000).concat(100_000, 3);
  const kept = sizes.map((size, at) => memory(size).fill(at % 251));
  for (const [at, buffer] of kept.entries()) {
    expect(buffer).toHaveLength(sizes[at]!);
    expect(buffer.every((octet) => octet === at % 251)).toBe(true);
  }
});
