import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  classifyReply,
  endsSession,
  replyLine,
  type Circumstances,
} from '../../../src/deliver/sending/classify-reply.ts';
import { LEGAL_MOVES } from '../../../src/model/delivery.ts';
import type { SendResult, SmtpStage } from '../../../src/model/mail.ts';

const now = new Date('2026-01-05T12:00:00Z');
const first: Circumstances = {
  tries: 1,
  retryMinutes: [5, 30, 120],
  onUncertain: 'hold',
  lateAt: new Date('2026-01-05T23:00:00Z'),
  now,
};

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
  ['our sender address', refused('550 5.1.7 Sender address rejected'), 'retrying', false],
  ['our sender domain', refused('550 5.1.8 Bad sender system'), 'retrying', false],
  ['a code that only looks alike', refused('550 5.1.10.1 odd'), 'bounced', false],
  ['an address inside a version number', refused('550 rejected by filter 15.1.1'), 'bounced', false],
  ['policy', refused('550 5.7.1 Refused by policy'), 'bounced', false],
  ['policy under an address code', refused('550 5.1.1 Rejected: your IP is listed at an RBL'), 'retrying', false],
  ['authentication results', refused('550 5.7.26 DMARC failed'), 'retrying', false],
  ['relaying', refused('550 5.7.1 Relaying denied'), 'retrying', false],
  ['quota for good', refused('552 5.2.2 Over quota'), 'bounced', false],
  ['mailbox full, without enhanced code', refused('550 Mailbox full'), 'bounced', false],
  ['size', refused('552 5.3.4 Message too big', 'mail'), 'bounced', false],
  ['content', refused('554 5.7.1 Content rejected', 'reply'), 'bounced', false],
  ['reputation', refused('554 5.7.1 Poor reputation of your domain'), 'retrying', false],
  ['authentication wanted', refused('530 5.7.0 Authentication required', 'mail'), 'retrying', false],
  ['our sender refused', refused('553 5.7.1 Sender not welcome', 'mail'), 'retrying', false],
  ['lost before', { outcome: 'lost', handedOver: false, problem: 'closed', stage: 'mail' }, 'retrying', false],
  ['lost after', { outcome: 'lost', handedOver: true, problem: 'closed', stage: 'reply' }, 'uncertain', false],
];

describe('classifyReply', () => {
  it.each(table)('%s', (_name, result, state, suppress) => {
    const said = classifyReply(result, first);
    expect([said.state, said.refusal?.about === 'address']).toEqual([state, suppress]);
  });

  it.each([
    [1, '2026-01-05T12:05:00Z'],
    [2, '2026-01-05T12:30:00Z'],
    [3, '2026-01-05T14:00:00Z'],
  ])('when it is deferred for the %i. time, then it waits as set', (tries, due) => {
    expect(classifyReply(refused('451 no'), { ...first, tries }).nextAttemptAt).toEqual(new Date(due));
  });

  it.each([
    [1, '2026-01-05T12:00:30Z'],
    [2, '2026-01-05T12:01:00Z'],
    [4, '2026-01-05T12:04:00Z'],
    [9, '2026-01-05T12:05:00Z'],
    [1_000, '2026-01-05T12:05:00Z'],
  ])(
    'when the fault is ours at the %i. claim, then no try is counted and it is asked less and less often',
    (attempt, due) => {
      const verdict = classifyReply(refused('554 5.7.1 Relay access denied'), { ...first, attempt });
      expect(verdict).toMatchObject({ counted: false, nextAttemptAt: new Date(due) });
    },
  );

  it('when the waits are used up, then the last one is repeated, a last try comes just before it is too late, and then it fails', () => {
    const due = (tries: number, at: string) =>
      classifyReply(refused('451 4.4.1 no'), { ...first, tries, now: new Date(at) });
    expect(due(9, '2026-01-05T20:00:00Z').nextAttemptAt).toEqual(new Date('2026-01-05T22:00:00Z'));
    expect(due(9, '2026-01-05T22:00:00Z').nextAttemptAt).toEqual(new Date('2026-01-05T22:59:00Z'));
    expect(due(9, '2026-01-05T22:59:00Z')).toMatchObject({
      state: 'failed',
      nextAttemptAt: null,
      reply: '451 4.4.1 no',
    });
    const doubted = { ...first, doubted: true, now: new Date('2026-01-05T22:59:00Z') };
    expect(classifyReply(refused('451 4.4.1 no'), doubted).state).toBe('uncertain');
  });

  it('when a mail may have arrived and is to be sent again, then only as often as there are waits', () => {
    const lost: SendResult = { outcome: 'lost', handedOver: true, problem: 'x', stage: 'reply' };
    const resend: Circumstances = { ...first, onUncertain: 'resend' };
    expect(classifyReply(lost, resend)).toMatchObject({ state: 'retrying', outcome: 'uncertain' });
    expect(classifyReply(lost, { ...resend, tries: 4 }).state).toBe('uncertain');
  });

  it.each<[string, SendResult]>([
    ['the session is used up', refused('452 4.4.5 Too many messages per session', 'mail')],
    ['421 before the body', refused('421 4.3.2 Going down', 'mail')],
    ['a rate', refused('454 Throttling failure', 'reply')],
    ['relaying', refused('554 5.7.1 Relay access denied')],
    ['a block list that names us', refused('554 5.7.1 Client host [192.0.2.1] blocked using zen.spamhaus.org')],
    ['authentication', refused('530 5.7.0 Authentication required', 'mail')],
    ['a loss before the body', { outcome: 'lost', handedOver: false, problem: 'closed', stage: 'rcpt' }],
  ])('when it is %s, then the mail waits shortly and no try is counted', (_, result) => {
    const said = classifyReply(result, { ...first, tries: 99 });
    expect(said).toMatchObject({ state: 'retrying', counted: false, refusal: null });
    expect((said.nextAttemptAt?.getTime() ?? 0) - now.getTime()).toBeLessThanOrEqual(30_000);
  });

  it.each<SendResult>([
    refused('550 5.1.1 No such user'),
    refused('554 5.7.1 Content rejected', 'reply'),
    refused('451 4.3.0 Local error', 'reply'),
    { outcome: 'lost', handedOver: false, problem: 'closed', stage: 'body' },
  ])('when a mail only finds out whether the way out works, then nothing said ends it (%#)', (result) => {
    const late = { ...first, tries: 99, probe: true, now: new Date('2026-01-05T22:59:30Z') };
    expect(classifyReply(result, late)).toMatchObject({ state: 'retrying', counted: false, refusal: null });
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
          expect(said.refusal?.kind === 'hard' && said.state !== 'bounced').toBe(false);
          expect(said.nextAttemptAt !== null).toBe(said.state === 'retrying');
          expect(said.reply.length).toBeLessThanOrEqual(500);
          expect(said.reply).not.toMatch(/\p{Cc}/u);
        },
      ),
    );
  });
});

it('when a reply is cut, then no half character is left', () => {
  expect(replyLine(`${'x'.repeat(499)}😀`)).toBe('x'.repeat(499));
});

describe('may an answer speak of the session alone?', () => {
  const lost = (stage: SmtpStage, handedOver = false): SendResult => ({
    outcome: 'lost',
    handedOver,
    problem: 'closed',
    stage,
  });
  it.each<[SendResult, number, string | false]>([
    [refused('452 4.4.5 Too many messages per session', 'mail'), 10, 'surely'],
    [refused('452 4.4.5 limit per session reached', 'reply'), 10, 'surely'],
    [refused('421 4.3.0 closing', 'mail'), 10, 'perhaps'],
    [refused('421 4.3.0 closing', 'data'), 0, 'perhaps'],
    [refused('421 4.3.0 closing', 'reply'), 10, 'perhaps'],
    [lost('mail'), 0, 'perhaps'],
    [lost('data'), 7, 'perhaps'],
    [lost('body'), 7, false],
    [lost('reply', true), 7, false],
    [refused('452 4.5.3 Too many messages', 'mail'), 10, 'perhaps'],
    [refused('452 4.5.3 Too many messages', 'mail'), 0, false],
    [refused('452 4.3.1 Out of storage', 'data'), 3, 'perhaps'],
    [refused('451 4.7.1 Greylisted'), 3, 'perhaps'],
    [refused('550 5.1.1 No such user'), 3, false],
    [{ outcome: 'accepted', reply: '250' }, 3, false],
  ])('%o after %i mails: %s', (result, carried, expected) => {
    expect(endsSession(result, carried)).toBe(expected);
  });
});
