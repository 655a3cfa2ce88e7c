import { expect, it } from 'vitest';
import { runLine, type LineTools, type Piece } from '../../../src/deliver/sending/connection-loop.ts';
import type { Mail } from '../../../src/model/mail.ts';
import type { ClaimedDelivery } from '../../../src/model/delivery.ts';

const mail: Mail = {
  envelope: { from: 'bounce@digest.example.org', to: 'ada@example.org' },
  messageId: '<x@digest.example.org>',
  raw: Buffer.from('Subject: x\r\n\r\nHello.\r\n'),
};
const piece = (id: bigint): Piece => ({
  delivery: { id, attempt: 1, doubted: false } as ClaimedDelivery,
  mail: Promise.resolve({ mail }),
});

/** A line with so many mails before it, over one connection that takes all of them. */
function openLine(mails: number, overrides: Partial<LineTools>) {
  const pieces = Array.from({ length: mails }, (_, n) => piece(BigInt(n)));
  const log: string[] = [];
  const tools: LineTools = {
    supply: {
      poll: () => pieces.shift() ?? null,
      take: () => Promise.resolve(null),
      putBack: (one) => void pieces.unshift(one),
      settle: () => {},
      close: () => Promise.resolve(),
    },
    turns: { exchange: (_finished, handing) => Promise.resolve(handing !== null), record: () => Promise.resolve() },
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
      suppress: false,
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

it('when the turn of a mail is not written yet, then nothing of the mail leaves', async () => {
  let allow: (goes: boolean) => void = () => {};
  const { tools, log } = openLine(1, {
    turns: { exchange: () => new Promise((resolve) => (allow = resolve)), record: () => Promise.resolve() },
  });
  const line = runLine(tools);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(log).toEqual([]);
  allow(true);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(log).toEqual(['sent']);
  allow(false); // its result is written
  await line;
});

it('when a mail may not go, then it does not', async () => {
  const { tools, log } = openLine(2, {
    turns: { exchange: () => Promise.resolve(false), record: () => Promise.resolve() },
  });
  await runLine(tools);
  expect(log).toEqual(['closed']);
});

it('when the database goes away with a result in hand, then the line breaks and its connection is closed all the same', async () => {
  const away = () => Promise.reject(new Error('away'));
  let gone = false;
  const { tools, log } = openLine(2, {
    turns: {
      exchange: (finished, handing) => (finished ? away() : Promise.resolve(handing !== null)),
      record: away,
    },
    pace: () => {
      if (gone) return away();
      gone = true;
      return Promise.resolve(0);
    },
  });
  await expect(runLine(tools)).rejects.toThrow('away');
  expect(log).toEqual(['sent', 'closed']);
});
