import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createTurns } from '../../../src/deliver/sending/group-commit.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

interface Write {
  finished: string[];
  handing: string[];
  end: () => void;
  fail: () => void;
}

/** Turns whose writes end when the test says so; a mail whose name begins with `cancelled` may not go. */
function openTurns() {
  const writes: Write[] = [];
  const turns = createTurns<string, string>(
    (finished, handing) =>
      new Promise((resolve, reject) => {
        const end = () => resolve((mail) => !mail.startsWith('cancelled'));
        writes.push({ finished, handing, end, fail: () => reject(new Error('away')) });
      }),
  );
  /** Announces mails in one turn, which is written. */
  const announce = async (...mails: string[]) => {
    const answers = Promise.all(mails.map((mail) => turns.exchange(null, mail)));
    await settled();
    writes.at(-1)?.end();
    return answers;
  };
  return { writes, turns, announce };
}

/** Lets happen whatever needs no clock. */
async function settled(): Promise<void> {
  for (let ticks = 0; ticks < 5; ticks++) await new Promise(setImmediate);
}

it('when lines end while a turn is being written, then they share the next one', async () => {
  const { writes, turns } = openTurns();
  const first = turns.exchange(null, 'a');
  await settled();
  const rest = [turns.exchange(null, 'b'), turns.exchange(null, 'cancelled'), turns.record('c')];
  writes[0]?.end();
  expect(await first).toBe(true);
  await settled();
  writes[1]?.end();
  expect(await Promise.all(rest)).toEqual([true, false, undefined]);
  expect(writes).toMatchObject([
    { finished: [], handing: ['a'] },
    { finished: ['c'], handing: ['b', 'cancelled'] },
  ]);
});

it('when half of the lines are here, then the turn begins at once', async () => {
  const { writes, turns, announce } = openTurns();
  await announce('a', 'b', 'c', 'd');
  void turns.exchange('a', 'e');
  await settled();
  expect(writes).toHaveLength(1);
  void turns.exchange('b', null);
  await settled();
  expect(writes[1]).toMatchObject({ finished: ['a', 'b'], handing: ['e'] });
});

it('when most of the lines are still sending, then the turn waits for them, but no longer than 3 ms', async () => {
  const { writes, turns, announce } = openTurns();
  await announce('a', 'b', 'c', 'd');
  void turns.exchange('a', 'e');
  await settled();
  vi.advanceTimersByTime(2);
  await settled();
  expect(writes).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await settled();
  expect(writes[1]).toMatchObject({ finished: ['a'], handing: ['e'] });
});

it('when a turn cannot be written, then all who shared it hear so, and the next one does not wait for their mails', async () => {
  const { writes, turns } = openTurns();
  const both = Promise.allSettled([turns.exchange(null, 'a'), turns.exchange(null, 'b')]);
  await settled();
  writes[0]?.fail();
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = turns.exchange(null, 'c');
  await settled();
  writes[1]?.end();
  expect(await next).toBe(true);
});

it('when a turn with results cannot be written, then their mails are not waited for any more', async () => {
  const { writes, turns, announce } = openTurns();
  await announce('a', 'b', 'c');
  const lost = Promise.allSettled([turns.exchange('a', 'd'), turns.exchange('b', 'e')]);
  await settled();
  writes[1]?.fail();
  await lost;
  void turns.exchange('c', null);
  await settled();
  expect(writes[2]).toMatchObject({ finished: ['c'] });
});

it('when a mail may not go, then nobody waits for it', async () => {
  const { writes, turns, announce } = openTurns();
  expect(await announce('a', 'b', 'cancelled 1', 'cancelled 2')).toEqual([true, true, false, false]);
  void turns.exchange('a', null);
  await settled();
  expect(writes[1]).toMatchObject({ finished: ['a'] });
});

it('when the end of mails that never were announced is recorded, then those on their way are waited for as before', async () => {
  const { writes, turns, announce } = openTurns();
  await announce('a', 'b', 'c');
  for (const unfit of ['x', 'y', 'z']) {
    void turns.record(unfit);
    await settled();
    vi.advanceTimersByTime(3);
    await settled();
    writes.at(-1)?.end();
    await settled();
  }
  expect(writes).toHaveLength(4);
  void turns.exchange('a', 'd');
  await settled();
  expect(writes).toHaveLength(4);
  void turns.exchange('b', 'e');
  await settled();
  expect(writes[4]).toMatchObject({ finished: ['a', 'b'], handing: ['d', 'e'] });
});
