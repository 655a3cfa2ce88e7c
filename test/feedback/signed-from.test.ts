import { dkimSign } from 'mailauth/lib/dkim/sign.js';
import { expect, test } from 'vitest';
import { signedFrom } from '../../src/feedback/signed-from.ts';
import { keysOf, LETTER_KEY, signedLetter } from '../world/signed-letters.ts';

const fieldsOf = async (mail: string, ask = keysOf('example.org')) => [
  ...(await signedFrom(Buffer.from(mail, 'latin1'), new Date(), { ask })),
];

test("when the author's domain signed a letter, or the one above it, then it is told what was signed", async () => {
  expect(await fieldsOf(await signedLetter('example.org'))).toEqual(
    expect.arrayContaining(['from', 'to', 'date', 'subject']),
  );
  expect(await fieldsOf(await weakly({}))).toContain('from');
  const own = await signedLetter('mail.example.org');
  expect(await fieldsOf(own, keysOf('mail.example.org'))).toContain('from');
});

/** Signs a letter in a way that must not count. */
async function weakly(how: {
  maxBodyLength?: number;
  algorithm?: string;
  expires?: Date;
  signTime?: Date;
}): Promise<string> {
  const plain = (await signedLetter('example.org')).replace(/^DKIM-Signature:[^]*?\r\n(?=\S)/, '');
  const { expires, signTime, ...one } = how;
  const by = { signingDomain: 'example.org', ...LETTER_KEY };
  const signatureData = [{ ...by, ...one }];
  const when = { ...(expires && { expires }), ...(signTime && { signTime }) };
  const { signatures } = await dkimSign(plain, { ...by, signatureData, ...when });
  return signatures + plain;
}

const signed = await signedLetter('example.org');
test.each<[string, string, Parameters<typeof fieldsOf>[1]?]>([
  ['it is not signed', signed.replace(/^DKIM-Signature:[^]*?\r\n(?=\S)/, '')],
  ['its text was changed', signed.replace('Please.', 'Please!')],
  ['its From was changed', signed.replace('ada@mail', 'bob@mail')],
  ['its To was changed', signed.replace('leave@', 'other@')],
  ['a second From was put before', `From: bob@mail.example.org\r\n${signed}`],
  ['its From names two', await signedLetter('example.org', { from: 'ada@example.org, bob@example.org' })],
  ['somebody else signed it', await signedLetter('example.net'), keysOf('example.net')],
  ['who signed shares but a public suffix', await signedLetter('co.uk', { from: 'ada@b.co.uk' }), keysOf('co.uk')],
  ['only the beginning of its text is signed', await weakly({ maxBodyLength: 3 })],
  ['it is signed by SHA-1', await weakly({ algorithm: 'rsa-sha1' })],
  ['its signature is of tomorrow', await weakly({ signTime: new Date(Date.now() + 86_400_000) })],
  ['its signature has run out', await weakly({ expires: new Date('2020-01-01') })],
  ['it is no mail at all', 'DKIM-Signature'],
  ['its signature is broken', 'DKIM-Signature: v=1; a=rsa-sha256; d=; h=from\r\nFrom: <<>>\r\n\r\n'],
  ['there is no such key', signed, keysOf()],
  ['no name server answers', signed, () => Promise.reject(Object.assign(new Error('later'), { code: 'ETIMEOUT' }))],
])('when %s, then nothing is signed by its author', async (_what, mail, ask) => {
  expect(await fieldsOf(mail, ask)).toEqual([]);
});
