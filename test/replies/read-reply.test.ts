import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SmtpStage } from '../../src/model/mail.ts';
import { readReply } from '../../src/replies/read-reply.ts';
import { forNow } from './wordings/for-now.ts';
import { ofReaders } from './wordings/of-readers.ts';
import { ofUs } from './wordings/of-us.ts';
import type { Wording } from './wordings/wording.ts';

const read = (reply: string, stage: SmtpStage = 'rcpt') => readReply({ code: Number(reply.slice(0, 3)), reply, stage });

/** Replies in the words of common servers, by whom they are about. */
const replies: Wording[] = [
  ...forNow,
  ...ofUs,
  ...ofReaders,
  ['address', '550 5.1.1 No such user'],
  ['address', '550 5.1.1 <x@example.org>: Recipient address rejected: User unknown in relay recipient table'],
  ['address', '550 5.1.2 Bad destination system'],
  ['address', '551 5.1.6 Has moved'],
  ['address', '556 5.1.10 Recipient address has null MX'],
  ['address', '550 User unknown'],
  ['address', '550-5.1.1 The account does not exist.\n550 5.1.1 Try another.'],
  ['address', '550 5.1.0 Address rejected.'],
  ['refused', '550 5.1.1 No such user', 'reply'],

  ['mailbox', '452 4.2.2 Mailbox full'],
  ['mailbox', '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery'],
  ['mailbox', '450 4.2.1 Mailbox busy, too many messages, slow down'],
  ['mailbox', '552 5.2.2 Over quota'],
  ['mailbox', '550 Mailbox full'],
  ['mailbox', '452 Mailbox is over quota'],
  ['mailbox', '550 5.2.1 The account is disabled'],
  ['mailbox', '451 user mailbox is locked'],

  ['session', '452 4.4.5 Too many messages per session', 'mail'],
  ['session', '452 4.4.5 limit of 10 mails per session reached', 'data'],
  ['session', '421 Maximum number of messages in this connection exceeded', 'mail'],
  ['session', '450 4.7.1 Error: too many mails on this connection', 'mail'],
  ['session', '421 4.3.2 Going down'],
  ['session', '421 4.4.2 idle too long', 'mail'],
  ['session', '451 4.5.3 only 25 recipients are allowed for this SMTP session'],
  ['crowd', '421 4.7.0 Too many concurrent connections from your host', 'mail'],
  ['crowd', '450 4.7.1 Connection rate limit exceeded', 'mail'],

  ['rate', '454 Throttling failure: Maximum sending rate exceeded.', 'reply'],
  ['rate', '454 4.7.0 Daily message quota exceeded', 'data'],
  ['rate', '421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume or user complaints'],
  ['rate', '451 4.7.500 Server busy. Please try again later'],
  ['rate', '421-4.7.28 Gmail has detected an unusual rate of mail'],
  ['rate', '421 4.7.0 Too many messages, slow down'],
  ['rate', '450 4.7.1 You are sending too fast'],
  ['rate', '451 4.7.1 Hourly sending limit reached', 'mail'],

  ['system', '452 4.3.1 Insufficient system storage', 'mail'],
  ['system', '452 4.3.1 Insufficient system storage'],
  ['system', '451 4.3.0 Temporary system problem', 'reply'],
  ['system', '451 4.3.2 System not accepting network messages'],
  ['system', '421 4.3.0 Please try again later', 'reply'],
  ['system', '451 4.7.1 Try later', 'mail'],
  ['system', '454 4.7.0 Temporary authentication failure', 'mail'],
  ['system', '452 Insufficient disk space'],
  ['later', '451 4.7.1 Greylisted'],
  ['later', '451 4.7.1 Greylisted, please try again later: rate limit', 'mail'],
  ['later', '450 4.7.1 Please try again later'],
  ['later', '451 4.4.1 No answer from host'],

  ['us', '554 5.7.1 <x@example.org>: Relay access denied'],
  ['us', '550 5.7.1 Relaying denied'],
  ['us', '550 Unable to relay for x@example.org'],
  ['us', '550 relay not permitted'],
  ['us', '551 we do not relay'],
  ['us', '504 5.5.2 <localhost>: Helo command rejected: need fully-qualified hostname'],
  ['us', '550 5.7.1 EHLO argument does not match'],
  ['us', '553 5.7.1 <papers@example.org>: Sender address rejected: not owned by user ada'],
  ['us', '553 5.7.1 Sender not welcome', 'mail'],
  ['us', '550 5.1.7 Sender address rejected'],
  ['us', '550 5.1.8 Bad sender system'],
  ['us', '550 5.4.5 Daily user sending limit exceeded'],
  ['us', '554 5.7.0 Message limit reached, try again later', 'reply'],
  ['us', '554 Sending quota exceeded', 'data'],
  ['us', '554 5.7.1 Service unavailable; Client host [192.0.2.10] blocked using zen.spamhaus.org'],
  ['us', '550 5.7.1 [192.0.2.10] is on our blocklist'],
  ['us', '550 5.1.1 Rejected: your IP is listed at an RBL'],
  [
    'us',
    '550 5.7.1 Unfortunately, messages from [192.0.2.10] were not sent. Part of their network is on our block list (S3150)',
  ],
  ['us', '550 5.7.606 Access denied, banned sending IP [192.0.2.10]'],
  ['us', '550 5.7.515 Access denied, sending domain does not meet the required authentication level', 'reply'],
  ['us', '550 5.7.26 DMARC failed', 'reply'],
  ['us', '550 5.7.25 No PTR record'],
  ['us', '554 5.7.1 Poor reputation of your domain', 'reply'],
  ['us', '530 5.7.0 Authentication required', 'mail'],
  ['us', '530 5.7.57 Client not authenticated to send mail', 'rcpt'],
  ['us', '550 Cannot find your reverse DNS'],
  ['us', '503 5.5.1 Bad sequence of commands', 'data'],
  ['us', '550 5.7.60 Client does not have permissions to send as this sender', 'reply'],

  ['refused', '550 5.7.1 Refused by policy'],
  ['refused', '554 5.7.1 Message content rejected', 'reply'],
  ['refused', '554 5.7.1 This message was identified as spam', 'reply'],
  ['refused', '552 5.3.4 Message too big', 'mail'],
  ['refused', '552 5.3.4 Message size exceeds fixed limit', 'mail'],
  ['refused', '552 Message exceeds maximum size', 'reply'],
  ['refused', '550 5.1.10.1 odd'],
  ['refused', '550 rejected by filter 15.1.1'],
];

describe('whom a refusal is about', () => {
  it.each(replies)('%s: %s', (about, reply, stage) => {
    expect(read(reply, stage).about).toBe(about);
  });

  it.each([
    ['454 Throttling failure: Maximum sending rate exceeded.', 'reply', true],
    ['450 4.7.1 too many messages', 'mail', true],
    ['450 4.7.1 your account has reached its daily limit', 'rcpt', true],
    ['421 4.7.0 Too many messages, slow down', 'rcpt', false],
    ['421 4.7.0 Too many messages, slow down', 'mail', false],
    ['421-4.7.28 Gmail has detected an unusual rate of mail', 'reply', false],
  ] as const)('«%s» at %s: is it the server’s own rate for sure? %s', (reply, stage, everybody) => {
    expect(read(reply, stage).everybody).toBe(everybody);
  });

  it('refusals with the same cause have the same signature, whomever they name', () => {
    expect(read('452 4.3.1 Insufficient system storage (id 17)').signature).toBe(read('452 4.3.1 storage').signature);
    expect(read('450 Please try again, a@x.org').signature).toBe(read('450 please try again, b@y.org 2').signature);
    expect(read('451 4.3.0 out of room').signature).toBe(read('452 Insufficient disk space').signature);
    expect(read('450 Please try again').signature).not.toBe(read('451 Please try again').signature);
  });

  it('the address of the recipient says nothing', () => {
    for (const [about, reply, stage] of replies) {
      const named = reply + ' <relay@spamhaus.example> (sender-rate.helo@ptr.example)';
      expect([read(named, stage).about, named]).toEqual([about, named]);
    }
  });

  it('whatever is said, it is about somebody', () => {
    const stages = fc.constantFrom<SmtpStage>('mail', 'rcpt', 'data', 'body', 'reply');
    fc.assert(
      fc.property(fc.integer({ min: 400, max: 599 }), fc.string({ unit: 'binary' }), stages, (code, words, stage) => {
        const { about, everybody } = readReply({ code, reply: `${code} ${words}`, stage });
        expect(about === 'address' && code < 500).toBe(false);
        expect(about === 'us' && code < 500).toBe(false);
        expect(everybody && about !== 'rate').toBe(false);
      }),
    );
  });
});
