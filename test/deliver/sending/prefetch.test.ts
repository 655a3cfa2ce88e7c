import { describe, expect, it } from 'vitest';
import { createPrefetch, type Prefetch } from '../../../src/deliver/sending/prefetch.ts';

function prefetchOf(batches: number[][], options: { lookahead?: number; signal?: AbortSignal } = {}) {
  const prepared: number[] = [];
  const waiting = [...batches];
  const prefetch = createPrefetch<number, number>({
    fetch: () => Promise.resolve(waiting.shift() ?? null),
    prepare: (raw) => {
      prepared.push(raw);
      return raw;
    },
    lookahead: options.lookahead ?? 2,
    signal: options.signal ?? new AbortController().signal,
  });
  return { prefetch, prepared };
}

async function drain(prefetch: Prefetch<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let item = await prefetch.take(); item !== null; item = await prefetch.take()) {
    taken.push(item);
    prefetch.settle(item);
  }
  return taken;
}

describe('prefetch', () => {
  it('when batches run out, then every item was given once, in order, and the end is told to all', async () => {
    const { prefetch } = prefetchOf([[1, 2, 3], [4], [5, 6]]);
    const [a, b] = await Promise.all([drain(prefetch), drain(prefetch)]);
    expect([...a, ...b].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('when an item is taken, then only so many are made ready ahead', async () => {
    const { prefetch, prepared } = prefetchOf([[1, 2, 3, 4, 5, 6, 7]], { lookahead: 2 });
    await prefetch.take();
    expect(prepared).toEqual([1, 2, 3]);
  });

  it('when an item is put back, then it is the next', async () => {
    const { prefetch } = prefetchOf([[1, 2]]);
    expect(await prefetch.take()).toBe(1);
    prefetch.putBack(1);
    prefetch.settle(1);
    expect(await drain(prefetch)).toEqual([1, 2]);
  });

  it('when it is told to stop, then nothing more is given out, not even to those who wait', async () => {
    const ending = new AbortController();
    const prefetch = createPrefetch<number, number>({
      fetch: () => new Promise(() => {}),
      prepare: (raw) => raw,
      lookahead: 1,
      signal: ending.signal,
    });
    const waiting = prefetch.take();
    ending.abort();
    expect(await waiting).toBeNull();
    expect(prefetch.poll()).toBeNull();
  });

  it('when a batch cannot be fetched, then whoever waits hears why', async () => {
    const prefetch = createPrefetch<number, number>({
      fetch: () => Promise.reject(new Error('database away')),
      prepare: (raw) => raw,
      lookahead: 1,
      signal: new AbortController().signal,
    });
    await expect(prefetch.take()).rejects.toThrow('database away');
  });

  it('when one item takes long, then whoever waits is given what comes meanwhile, and the end is told when it is settled', async () => {
    const batches = [[1], null, [2], null, null];
    const prefetch = createPrefetch<number, number>({
      fetch: () => Promise.resolve(batches.shift() ?? null),
      prepare: (raw) => raw,
      lookahead: 1,
      restMs: 5,
      signal: new AbortController().signal,
    });
    expect(await prefetch.take()).toBe(1); // and stays in work
    expect(await prefetch.take()).toBe(2);
    prefetch.settle(2);
    let ended = false;
    const end = prefetch.take().then((item) => {
      ended = true;
      return item;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ended).toBe(false);
    prefetch.settle(1);
    expect(await end).toBeNull();
  });

  it('when an item has to wait at the gate, then others pass it, and it comes once there is room', async () => {
    const batches = [[11, 12, 13, 21, 22]];
    const inFlight = new Set<number>();
    const tens = (item: number) => Math.floor(item / 10);
    const prefetch = createPrefetch<number, number>({
      fetch: () => Promise.resolve(batches.shift() ?? null),
      prepare: (raw) => raw,
      gate: {
        enter: (item) => [...inFlight].every((other) => tens(other) !== tens(item)) && Boolean(inFlight.add(item)),
        leave: (item) => inFlight.delete(item),
      },
      lookahead: 1,
      restMs: 5,
      signal: new AbortController().signal,
    });
    expect(await prefetch.take()).toBe(11);
    expect(await prefetch.take()).toBe(21);
    expect(prefetch.poll()).toBeNull(); // both are taken
    const next = prefetch.take();
    prefetch.settle(21);
    expect(await next).toBe(22);
    const after = prefetch.take();
    prefetch.settle(11);
    expect(await after).toBe(12);
    prefetch.settle(22);
    prefetch.settle(12);
    expect(await prefetch.take()).toBe(13);
    prefetch.settle(13);
    expect(await prefetch.take()).toBeNull();
  });

  it('when it is closed, then nothing is fetched any more', async () => {
    let fetched = 0;
    const prefetch = createPrefetch<number, number>({
      fetch: () => Promise.resolve(++fetched === 1 ? [1] : null),
      prepare: (raw) => raw,
      lookahead: 1,
      restMs: 5,
      signal: new AbortController().signal,
    });
    await prefetch.take();
    await prefetch.close();
    const before = fetched;
    prefetch.settle(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(fetched).toBe(before);
  });
});
