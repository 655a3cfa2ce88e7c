import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createGroupCommit } from '../../../src/deliver/sending/group-commit.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

interface Write {
  finished: string[];
  handing: string[];
  end: () => void;
  fail: () => void;
}

/** Turns whose writes end when the test says so; a mail whose name begins with `cancelled` may not go. */
function openBatches() {
  const writes: Write[] = [];
  const batches = createGroupCommit<string, string>(
    (finished, handing) =>
      new Promise((resolve, reject) => {
        const end = () => resolve((mail) => !mail.startsWith('cancelled'));
        writes.push({ finished, handing, end, fail: () => reject(new Error('away')) });
      }),
  );
  /** Announces mails in one batch, which is written. */
  const announce = async (...mails: string[]) => {
    const answers = Promise.all(mails.map((mail) => batches.exchange(null, mail)));
    await settled();
    writes.at(-1)?.end();
    return answers;
  };
  return { writes, batches, announce };
}

/** Lets happen whatever needs no clock. */
async function settled(): Promise<void> {
  for (let ticks = 0; ticks < 5; ticks++) await new Promise(setImmediate);
}

it('when connections end while a batch is being written, then they share the next one', async () => {
  const { writes, batches } = openBatches();
  const first = batches.exchange(null, 'a');
  await settled();
  const rest = [batches.exchange(null, 'b'), batches.exchange(null, 'cancelled'), batches.record('c')];
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

it('when half of the connections are here, then the batch begins at once', async () => {
  const { writes, batches, announce } = openBatches();
  await announce('a', 'b', 'c', 'd');
  void batches.exchange('a', 'e');
  await settled();
  expect(writes).toHaveLength(1);
  void batches.exchange('b', null);
  await settled();
  expect(writes[1]).toMatchObject({ finished: ['a', 'b'], handing: ['e'] });
});

it('when most of the connections are still sending, then the batch waits for them, but no longer than 3 ms', async () => {
  const { writes, batches, announce } = openBatches();
  await announce('a', 'b', 'c', 'd');
  void batches.exchange('a', 'e');
  await settled();
  vi.advanceTimersByTime(2);
  await settled();
  expect(writes).toHaveLength(1);
  vi.advanceTimersByTime(1);
  await settled();
  expect(writes[1]).toMatchObject({ finished: ['a'], handing: ['e'] });
});

it('when a batch cannot be written, then all who shared it hear so, and the next one does not wait for their mails', async () => {
  const { writes, batches } = openBatches();
  const both = Promise.allSettled([batches.exchange(null, 'a'), batches.exchange(null, 'b')]);
  await settled();
  writes[0]?.fail();
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const next = batches.exchange(null, 'c');
  await settled();
  writes[1]?.end();
  expect(await next).toBe(true);
});

it('when a batch with results cannot be written, then their mails are not waited for any more', async () => {
  const { writes, batches, announce } = openBatches();
  await announce('a', 'b', 'c');
  const lost = Promise.allSettled([batches.exchange('a', 'd'), batches.exchange('b', 'e')]);
  await settled();
  writes[1]?.fail();
  await lost;
  void batches.exchange('c', null);
  await settled();
  expect(writes[2]).toMatchObject({ finished: ['c'] });
});

it('when a mail may not go, then nobody waits for it', async () => {
  const { writes, batches, announce } = openBatches();
  expect(await announce('a', 'b', 'cancelled 1', 'cancelled 2')).toEqual([true, true, false, false]);
  void batches.exchange('a', null);
  await settled();
  expect(writes[1]).toMatchObject({ finished: ['a'] });
});

it('when the end of mails that never were announced is recorded, then those on their way are waited for as before', async () => {
  const { writes, batches, announce } = openBatches();
  await announce('a', 'b', 'c');
  for (const unfit of ['x', 'y', 'z']) {
    void batches.record(unfit);
    await settled();
    vi.advanceTimersByTime(3);
    await settled();
    writes.at(-1)?.end();
    await settled();
  }
  expect(writes).toHaveLength(4);
  void batches.exchange('a', 'd');
  await settled();
  expect(writes).toHaveLength(4);
  void batches.exchange('b', 'e');
  await settled();
  expect(writes[4]).toMatchObject({ finished: ['a', 'b'], handing: ['d', 'e'] });
});

it('when a mail is asked about again, then that is a batch at once, since its connection is here', async () => {
  const { writes, batches, announce } = openBatches();
  await announce('a');
  for (const nth of [1, 2, 3]) {
    const asked = batches.again('a');
    await settled();
    expect(writes[nth]).toMatchObject({ finished: [], handing: ['a'] });
    writes[nth]?.end();
    expect(await asked).toBe(true);
  }
});
