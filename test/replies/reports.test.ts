import { expect, it } from 'vitest';
import { judgeReply } from '../../src/replies/judge-reply.ts';

it.each([
  ['hard', '550 Usuário inexistente'],
  ['hard', '550 O destinatário não existe'],
  ['hard', '550 We do not have a mailbox with that name'],
  ['hard', '550 That user has left the company'],
  ['hard', '550 Unable to locate the recipient'],
  ['hard', '553 sorry, this recipient is not in my validrcptto list (#5.7.1)'],
  ['hard', '550 #5.1.0 Address rejected.'],
  ['soft', '550 5.1.0 Sender address rejected.'],
  ['soft', '550 We do not have a policy for that'],
  ['soft', '450 Unable to find the recipient just now'],
])('when a report says nobody is there in words of its own, then it is %s: %s', (said, reply) => {
  expect(judgeReply(reply).class).toBe(said);
});

it.each([
  '552-5.2.2 The email account that you tried to reach is over quota. Please direct 552 5.2.2 the recipient to',
  '452 4.2.2 The email account that you tried to reach is over quota. Please direct the recipient to',
  '550 La boîte du destinataire est pleine',
  '550 Caixa postal cheia',
  '552 Mailbox über Quota',
])('when a mailbox is full, then the rule that is shown speaks of the mailbox: %s', (reply) => {
  const { about, class: said } = judgeReply(reply);
  expect([about, said]).toEqual(['mailbox', 'soft']);
});

it.each(['554 DT:SPM smtp10, please see the help', '550 spam message discarded'])(
  'when a mail is taken for spam, then the rule that is shown speaks of what it holds: %s',
  (reply) => {
    expect(judgeReply(reply).about).toBe('content');
  },
);
