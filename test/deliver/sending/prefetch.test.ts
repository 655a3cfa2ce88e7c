import { describe, expect, it } from 'vitest';
import { createSupply, type Supply } from '../../../src/deliver/sending/prefetch.ts';

function supplyOf(batches: number[][], options: { lookahead?: number; signal?: AbortSignal } = {}) {
  const prepared: number[] = [];
  const waiting = [...batches];
  const supply = createSupply<number, number>({
    fetch: () => Promise.resolve(waiting.shift() ?? null),
    prepare: (raw) => {
      prepared.push(raw);
      return raw;
    },
    lookahead: options.lookahead ?? 2,
    signal: options.signal ?? new AbortController().signal,
  });
  return { supply, prepared };
}

async function drain(supply: Supply<number>): Promise<number[]> {
  const taken: number[] = [];
  for (let piece = await supply.take(); piece !== null; piece = await supply.take()) {
    taken.push(piece);
    supply.settle(piece);
  }
  return taken;
}

describe('supply', () => {
  it('when batches run out, then every piece was given once, in order, and the end is told to all', async () => {
    const { supply } = supplyOf([[1, 2, 3], [4], [5, 6]]);
    const [a, b] = await Promise.all([drain(supply), drain(supply)]);
    expect([...a, ...b].sort()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('when a piece is taken, then only so many are made ready ahead', async () => {
    const { supply, prepared } = supplyOf([[1, 2, 3, 4, 5, 6, 7]], { lookahead: 2 });
    await supply.take();
    expect(prepared).toEqual([1, 2, 3]);
  });

  it('when a piece is put back, then it is the next', async () => {
    const { supply } = supplyOf([[1, 2]]);
    expect(await supply.take()).toBe(1);
    supply.putBack(1);
    supply.settle(1);
    expect(await drain(supply)).toEqual([1, 2]);
  });

  it('when it is told to stop, then nothing more is given out, not even to those who wait', async () => {
    const ending = new AbortController();
    const supply = createSupply<number, number>({
      fetch: () => new Promise(() => {}),
      prepare: (raw) => raw,
      lookahead: 1,
      signal: ending.signal,
    });
    const waiting = supply.take();
    ending.abort();
    expect(await waiting).toBeNull();
    expect(supply.poll()).toBeNull();
  });

  it('when a batch cannot be fetched, then whoever waits hears why', async () => {
    const supply = createSupply<number, number>({
      fetch: () => Promise.reject(new Error('database away')),
      prepare: (raw) => raw,
      lookahead: 1,
      signal: new AbortController().signal,
    });
    await expect(supply.take()).rejects.toThrow('database away');
  });

  it('when one piece takes long, then whoever waits is given what comes meanwhile, and the end is told when it is settled', async () => {
    const batches = [[1], null, [2], null, null];
    const supply = createSupply<number, number>({
      fetch: () => Promise.resolve(batches.shift() ?? null),
      prepare: (raw) => raw,
      lookahead: 1,
      restMs: 5,
      signal: new AbortController().signal,
    });
    expect(await supply.take()).toBe(1); // and stays in work
    expect(await supply.take()).toBe(2);
    supply.settle(2);
    let ended = false;
    const end = supply.take().then((piece) => {
      ended = true;
      return piece;
    });
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(ended).toBe(false);
    supply.settle(1);
    expect(await end).toBeNull();
  });

  it('when a piece has to wait at the gate, then others pass it, and it comes once there is room', async () => {
    const batches = [[11, 12, 13, 21, 22]];
    const inFlight = new Set<number>();
    const tens = (piece: number) => Math.floor(piece / 10);
    const supply = createSupply<number, number>({
      fetch: () => Promise.resolve(batches.shift() ?? null),
      prepare: (raw) => raw,
      gate: {
        enter: (piece) => [...inFlight].every((other) => tens(other) !== tens(piece)) && Boolean(inFlight.add(piece)),
        leave: (piece) => inFlight.delete(piece),
      },
      lookahead: 1,
      restMs: 5,
      signal: new AbortController().signal,
    });
    expect(await supply.take()).toBe(11);
    expect(await supply.take()).toBe(21);
    expect(supply.poll()).toBeNull(); // both are taken
    const next = supply.take();
    supply.settle(21);
    expect(await next).toBe(22);
    const after = supply.take();
    supply.settle(11);
    expect(await after).toBe(12);
    supply.settle(22);
    supply.settle(12);
    expect(await supply.take()).toBe(13);
    supply.settle(13);
    expect(await supply.take()).toBeNull();
  });

  it('when it is closed, then nothing is fetched any more', async () => {
    let fetched = 0;
    const supply = createSupply<number, number>({
      fetch: () => Promise.resolve(++fetched === 1 ? [1] : null),
      prepare: (raw) => raw,
      lookahead: 1,
      restMs: 5,
      signal: new AbortController().signal,
    });
    await supply.take();
    await supply.close();
    const before = fetched;
    supply.settle(1);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(fetched).toBe(before);
  });
});
