import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asksToSlowDown, classifyReply, oneLine, type Circumstances } from '../../src/deliver/classify-reply.ts';
import { LEGAL_MOVES } from '../../src/model/delivery.ts';
import type { SendResult, SmtpStage } from '../../src/model/mail.ts';

const now = new Date('2026-01-05T12:00:00Z');
const first: Circumstances = { tries: 1, retryMinutes: [5, 30, 120], onUncertain: 'hold', now };

function refused(reply: string, stage: SmtpStage = 'rcpt'): SendResult {
  return { outcome: 'refused', code: Number(reply.slice(0, 3)), reply, stage };
}

const table: [name: string, result: SendResult, state: string, suppress: boolean][] = [
  ['accepted', { outcome: 'accepted', reply: '250 2.0.0 Ok' }, 'sent', false],
  ['greylisted', refused('451 4.7.1 Greylisted'), 'retrying', false],
  ['full for now', refused('452 4.2.2 Mailbox full'), 'retrying', false],
  ['going down', refused('421 4.3.2 Shutting down'), 'retrying', false],
  ['soft words under a soft code', refused('450 4.1.1 User unknown, for now'), 'retrying', false],
  ['nobody there', refused('550 5.1.1 No such user'), 'bounced', true],
  ['no such domain', refused('550 5.1.2 Bad destination system'), 'bounced', true],
  ['moved away', refused('551 5.1.6 Has moved'), 'bounced', true],
  ['null MX', refused('556 5.1.10 Recipient address has null MX'), 'bounced', true],
  ['nobody there, without enhanced code', refused('550 User unknown'), 'bounced', true],
  [
    'nobody there, several lines',
    refused('550-5.1.1 The account does not exist.\n550 5.1.1 Try another.'),
    'bounced',
    true,
  ],
  ['nobody there, but said after DATA', refused('550 5.1.1 No such user', 'reply'), 'bounced', false],
  ['our sender address', refused('550 5.1.7 Sender address rejected'), 'bounced', false],
  ['our sender domain', refused('550 5.1.8 Bad sender system'), 'bounced', false],
  ['a code that only looks alike', refused('550 5.1.10.1 odd'), 'bounced', false],
  ['an address inside a version number', refused('550 rejected by filter 15.1.1'), 'bounced', false],
  ['policy', refused('550 5.7.1 Refused by policy'), 'bounced', false],
  ['policy under an address code', refused('550 5.1.1 Rejected: your IP is listed at an RBL'), 'bounced', false],
  ['authentication results', refused('550 5.7.26 DMARC failed'), 'bounced', false],
  ['relaying', refused('550 5.7.1 Relaying denied'), 'bounced', false],
  ['quota for good', refused('552 5.2.2 Over quota'), 'bounced', false],
  ['mailbox full, without enhanced code', refused('550 Mailbox full'), 'bounced', false],
  ['size', refused('552 5.3.4 Message too big', 'mail'), 'bounced', false],
  ['content', refused('554 5.7.1 Content rejected', 'reply'), 'bounced', false],
  ['reputation', refused('554 5.7.1 Poor reputation of your domain'), 'bounced', false],
  ['authentication wanted', refused('530 5.7.0 Authentication required', 'mail'), 'retrying', false],
  ['our sender refused', refused('553 5.7.1 Sender not welcome', 'mail'), 'retrying', false],
  ['lost before', { outcome: 'lost', handedOver: false, problem: 'closed', stage: 'mail' }, 'retrying', false],
  ['lost after', { outcome: 'lost', handedOver: true, problem: 'closed', stage: 'reply' }, 'uncertain', false],
];

describe('classifyReply', () => {
  it.each(table)('%s', (_name, result, state, suppress) => {
    expect(classifyReply(result, first)).toMatchObject({ state, suppress });
  });

  it.each([
    [1, '2026-01-05T12:05:00Z'],
    [2, '2026-01-05T12:30:00Z'],
    [3, '2026-01-05T14:00:00Z'],
  ])('when it is deferred for the %i. time, then it waits as set', (tries, due) => {
    expect(classifyReply(refused('451 no'), { ...first, tries }).nextAttemptAt).toEqual(new Date(due));
  });

  it('when the waits are used up, then it fails; a mail that may have arrived stays uncertain', () => {
    const last = { ...first, tries: 4 };
    expect(classifyReply(refused('451 no'), last)).toMatchObject({ state: 'failed', nextAttemptAt: null });
    expect(classifyReply(refused('553 no', 'mail'), last)).toMatchObject({ state: 'failed', nextAttemptAt: null });
    const lost: SendResult = { outcome: 'lost', handedOver: true, problem: 'x', stage: 'reply' };
    expect(classifyReply(lost, { ...last, onUncertain: 'resend' }).state).toBe('uncertain');
    expect(classifyReply(lost, { ...first, onUncertain: 'resend' })).toMatchObject({
      state: 'retrying',
      outcome: 'uncertain',
    });
  });

  it('whatever the server says, the move is legal, only refusals for good suppress, and the words are one short line', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 400, max: 599 }),
        fc.string({ unit: 'binary', maxLength: 2_000 }),
        fc.integer({ min: 1, max: 9 }),
        (code, words, tries) => {
          const said = classifyReply(
            { outcome: 'refused', code, reply: `${code} ${words}`, stage: 'rcpt' },
            { ...first, tries },
          );
          expect(LEGAL_MOVES.sending).toContain(said.state);
          expect(said.suppress && said.state !== 'bounced').toBe(false);
          expect(said.nextAttemptAt !== null).toBe(said.state === 'retrying');
          expect(said.reply.length).toBeLessThanOrEqual(500);
          expect(said.reply).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});

it('when a reply is cut, then no half character is left', () => {
  expect(oneLine(`${'x'.repeat(499)}😀`)).toBe('x'.repeat(499));
});

it.each([
  ['421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume or user complaints', true],
  ['451 4.7.500 Server busy. Please try again later', true],
  ['421-4.7.28 Gmail has detected an unusual rate of mail', true],
  ['421 4.7.0 Too many messages, slow down', true],
  ['451 4.7.1 Greylisted, please try again later: rate limit', false],
  ['452 4.2.2 Mailbox full', false],
  ['421 4.3.2 Going down', false],
])('when a server says «%s», then it asks us to slow down: %s', (reply, expected) => {
  expect(asksToSlowDown({ outcome: 'refused', code: Number(reply.slice(0, 3)), reply, stage: 'rcpt' })).toBe(expected);
});
