import { describe, expect, it } from 'vitest';
import { inGroups } from '../../src/lib/in-groups.ts';
import { until } from '../support/until.ts';

/** Gathers numbers; each group that was worked on, in order. `until` holds the work up. */
function gathering(weightOf: (one: number) => number = () => 1 / 4) {
  const groups: number[][] = [];
  let letGo = () => {};
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const join = inGroups<number>({
    weightOf,
    work: async (group) => {
      groups.push([...group]);
      if (groups.length === 1) await held;
    },
  });
  const add = (one: number) => join(() => Promise.resolve(one));
  return { groups, add, join, letGo };
}

const turns = async (count = 5) => {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('inGroups', () => {
  it('when one comes alone, then it waits for nobody', async () => {
    const { groups, add } = gathering();
    await add(1);
    await turns(1);
    expect(groups).toEqual([[1]]);
  });

  it('when several come in a turn of the event loop, then they are one group', async () => {
    const { groups, add } = gathering();
    await Promise.all([add(1), add(2), add(3)]);
    await turns(1);
    expect(groups).toEqual([[1, 2, 3]]);
  });

  it('when some come while others are worked on, then they are the next groups, full ones first', async () => {
    const { groups, add, letGo } = gathering();
    await add(0);
    await turns();
    await Promise.all([1, 2, 3, 4, 5].map(add));
    await turns();
    expect(groups).toEqual([[0]]);
    letGo();
    await turns();
    expect(groups).toEqual([[0], [1, 2, 3, 4], [5]]);
  });

  it('when one is a group of its own, then neither those before it nor those behind it are with it', async () => {
    const { groups, add, letGo } = gathering((one) => (one === 3 ? 1 : 1 / 4));
    letGo();
    await Promise.all([1, 2, 3, 4, 5].map(add));
    await turns();
    expect(groups).toEqual([[1, 2], [3], [4, 5]]);
  });

  it('when one is more than a group, then it is a group', async () => {
    const { groups, add, letGo } = gathering((one) => one);
    letGo();
    await Promise.all([2, 0.5, 3, 0.5].map(add));
    await turns();
    expect(groups).toEqual([[2], [0.5], [3], [0.5]]);
  });

  it('when one is still being made, then those around it wait for it, in the order in which they came', async () => {
    const { groups, add, join, letGo } = gathering();
    letGo();
    let make: (one: number) => void = () => {};
    const first = add(1);
    const late = join(() => new Promise((resolve) => (make = resolve)));
    await Promise.all([first, add(3)]);
    await turns();
    expect(groups).toEqual([]);
    make(2);
    await late;
    await turns();
    expect(groups).toEqual([[1, 2, 3]]);
  });

  it('when one is long in the making, then what came before it does not wait for ever', async () => {
    const { groups, add, join, letGo } = gathering();
    letGo();
    let make: (one: number) => void = () => {};
    const first = add(1);
    const late = join(() => new Promise((resolve) => (make = resolve)));
    await first;
    await until('the first is worked on', () => groups.length > 0, 5);
    expect(groups).toEqual([[1]]);
    make(2);
    await late;
  });

  it('when one cannot be made, then its maker hears it, and nobody waits for it', async () => {
    const { groups, add, join, letGo } = gathering();
    letGo();
    const broken = join(() => Promise.reject(new Error('not this one')));
    await add(1);
    await expect(broken).rejects.toThrow('not this one');
    await turns();
    expect(groups).toEqual([[1]]);
  });

  it('when it rests after a group, then those that come meanwhile are one group, and it knows by when they are due', async () => {
    const groups: number[][] = [];
    let goOn = () => {};
    let dueMs = () => 0;
    const join = inGroups<number>({
      weightOf: () => 1 / 8,
      work: (group) => Promise.resolve(void groups.push([...group])),
      patienceMs: (one) => one * 1_000,
      rest: (_, due) => {
        dueMs = due;
        return new Promise((resolve) => (goOn = resolve));
      },
    });
    await join(() => Promise.resolve(1));
    await turns();
    expect(dueMs()).toBe(Infinity);
    const from = performance.now();
    for (const one of [40, 20, 30]) {
      await join(() => Promise.resolve(one));
      await turns();
    }
    expect(groups).toEqual([[1]]);
    expect((dueMs() - from) / 1_000).toBeCloseTo(20, 0);
    goOn();
    await turns();
    expect(groups).toEqual([[1], [40, 20, 30]]);
  });
});
