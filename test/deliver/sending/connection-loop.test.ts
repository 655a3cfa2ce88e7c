import { until } from '../../support/until.ts';
import { expect, it } from 'vitest';
import { runConnectionLoop, type LoopTools, type Outgoing } from '../../../src/deliver/sending/connection-loop.ts';
import { CrowdedError, type Mail } from '../../../src/model/mail.ts';
import type { ClaimedDelivery } from '../../../src/model/delivery.ts';

const mail: Mail = {
  envelope: { from: 'bounce@digest.example.org', to: 'ada@example.org' },
  messageId: '<x@digest.example.org>',
  raw: Buffer.from('Subject: x\r\n\r\nHello.\r\n'),
};
const outgoing = (id: bigint): Outgoing => ({
  delivery: { id, attempt: 1, doubted: false } as ClaimedDelivery,
  mail: Promise.resolve({ mail }),
});

/** A loop with so many mails before it, over one connection that takes all of them. */
function openLoop(count: number, overrides: Partial<LoopTools>) {
  const mails = Array.from({ length: count }, (_, n) => outgoing(BigInt(n)));
  const log: string[] = [];
  const tools: LoopTools = {
    prefetch: {
      poll: () => mails.shift() ?? null,
      take: () => Promise.resolve(null),
      putBack: (one) => void mails.unshift(one),
      settle: () => {},
      close: () => Promise.resolve(),
    },
    ledger: {
      exchange: (_finished, handing) => Promise.resolve(handing !== null),
      again: () => Promise.resolve(true),
      record: () => Promise.resolve(),
    },
    connect: () =>
      Promise.resolve({
        send: () => {
          log.push('sent');
          return Promise.resolve({ outcome: 'accepted', reply: '250' });
        },
        close: () => {
          log.push('closed');
          return Promise.resolve();
        },
      }),
    isSpent: (_connection, carried) => carried >= 100,
    sessionEnded: () => {},
    pace: () => Promise.resolve(0),
    judge: ({ id, attempt }) => ({
      id,
      attempt,
      state: 'sent',
      outcome: 'sent',
      stage: 'reply',
      reply: '250',
      nextAttemptAt: null,
      refusal: null,
      counted: true,
    }),
    unfit: () => null,
    unreachable: () => {},
    open: new Set(),
    signal: new AbortController().signal,
    ...overrides,
  };
  return { tools, log };
}

it('when the batch of a mail is not written yet, then nothing of the mail leaves', async () => {
  let allow: (goes: boolean) => void = () => {};
  const { tools, log } = openLoop(1, {
    ledger: {
      exchange: () => new Promise((resolve) => (allow = resolve)),
      again: () => Promise.resolve(true),
      record: () => Promise.resolve(),
    },
  });
  const loop = runConnectionLoop(tools);
  await new Promise((resolve) => setTimeout(resolve, 20)); // time to send it all the same
  expect(log).toEqual([]);
  allow(true);
  await until('the mail is sent', () => log.length > 0);
  expect(log).toEqual(['sent']);
  allow(false); // its result is written
  await loop;
});

it('when a mail may not go, then it does not', async () => {
  const { tools, log } = openLoop(2, {
    ledger: {
      exchange: () => Promise.resolve(false),
      again: () => Promise.resolve(false),
      record: () => Promise.resolve(),
    },
  });
  await runConnectionLoop(tools);
  expect(log).toEqual(['closed']);
});

it.each([
  [true, ['closed', 'sent', 'closed']],
  [false, ['closed', 'closed']],
])('when a mail waited for a second connection, then it is asked again whether it may go: %s', async (may, done) => {
  const sessions = [{ outcome: 'lost', handedOver: false, stage: 'mail', problem: 'closed' } as const];
  const { tools, log } = openLoop(1, {});
  const connect = tools.connect.bind(tools);
  tools.connect = async () => {
    const [connection, lost] = [await connect(), sessions.shift()];
    return lost ? { ...connection, send: () => Promise.resolve(lost) } : connection;
  };
  const asked: bigint[] = [];
  tools.ledger.again = ({ id }) => (asked.push(id), Promise.resolve(may));
  expect(await runConnectionLoop(tools)).toEqual({ how: 'drained' });
  expect({ asked, log }).toEqual({ asked: [0n], log: done });
});

it('when the database goes away with a result in hand, then the loop breaks and its connection is closed all the same', async () => {
  const away = () => Promise.reject(new Error('away'));
  let gone = false;
  const { tools, log } = openLoop(2, {
    ledger: {
      exchange: (finished, handing) => (finished ? away() : Promise.resolve(handing !== null)),
      again: away,
      record: away,
    },
    pace: () => {
      if (gone) return away();
      gone = true;
      return Promise.resolve(0);
    },
  });
  await expect(runConnectionLoop(tools)).rejects.toThrow('away');
  expect(log).toEqual(['sent', 'closed']);
});

it('when there is no more mail, then the loop says that it has drained', async () => {
  expect(await runConnectionLoop(openLoop(2, {}).tools)).toEqual({ how: 'drained' });
});

it('when no connection can be had, then it gives up after three tries, says why, and the mail goes back untouched', async () => {
  const back: bigint[] = [];
  let tries = 0;
  const { tools, log } = openLoop(1, {
    connect: () => Promise.reject(new Error(`refused ${++tries} times`)),
  });
  const putBack = tools.prefetch.putBack.bind(tools.prefetch);
  tools.prefetch.putBack = (one) => (back.push(one.delivery.id), putBack(one));
  expect(await runConnectionLoop(tools)).toEqual({ how: 'unreachable', problem: 'refused 3 times' });
  expect({ back, log }).toEqual({ back: [0n, 0n, 0n], log: [] });
});

it('when there is no place for a connection three times, then it says so; the last failure decides', async () => {
  const end = (...errors: Error[]) =>
    runConnectionLoop(openLoop(1, { connect: () => Promise.reject(errors.shift() ?? new Error('none')) }).tools);
  const [full, gone] = [new CrowdedError('too many'), new Error('gone')];
  expect(await end(full, full, full)).toEqual({ how: 'crowded', problem: 'too many' });
  expect(await end(gone, gone, full)).toEqual({ how: 'crowded', problem: 'too many' });
  expect(await end(full, full, gone)).toEqual({ how: 'unreachable', problem: 'gone' });
});
