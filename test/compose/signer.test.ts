import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { signatureFields, type DkimKey } from '../../src/compose/wire/dkim.ts';
import { openSigner } from '../../src/compose/wire/signer.ts';
import { createBufferPool } from '../../src/lib/buffers.ts';
import type { Mail } from '../../src/model/mail.ts';

const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key: DkimKey = { algorithm: 'rsa-sha256', domain: 'example.org', selector: 'one', key: privateKey };
const pool = createBufferPool({ shared: true });

/** A mail in shared memory, with room in front. */
function mailOf(n: number, room = 2_000): Mail {
  const text = `From: papers@example.org\r\nSubject: number ${n}\r\n\r\n${'A line of words.\r\n'.repeat(n)}`;
  const memory = pool.lend(room + text.length).buffer;
  memory.write(text, room, 'latin1');
  const envelope = { from: 'papers@example.org', to: 'ana@example.net' };
  return { envelope, messageId: `<${n}@example.org>`, raw: memory.subarray(room, room + text.length), room };
}

/** Keys that a dying thread takes for the number of its lives. */
function livesOf(count: number): DkimKey[] {
  const lives = new Int32Array(new SharedArrayBuffer(4));
  lives[0] = count;
  return [{ lives }] as unknown as DkimKey[];
}

const dying = new URL('./dying-thread.ts', import.meta.url);

test('when many mails are signed at once, then each gets the signature of its own bytes', async () => {
  const sign = openSigner([key]);
  const mails = Array.from({ length: 100 }, (_, n) => mailOf(n));
  const signed = await Promise.all(mails.map(sign));
  for (const [n, mail] of mails.entries()) {
    const expected = signatureFields(mail.raw, [key]) + mail.raw.toString('latin1');
    expect(signed[n]?.raw.toString('latin1')).toBe(expected);
  }
});

test('when there is no room in front of a mail, then its signature stands there all the same', async () => {
  const mail = mailOf(3, 0);
  const before = mail.raw.toString('latin1');
  const { raw } = await openSigner([key])(mail);
  expect(raw.toString('latin1')).toBe(signatureFields(mail.raw, [key]) + before);
});

test('when a key cannot sign, then the mail is not signed and the reason is told', async () => {
  const wrong = { ...key, key: createPublicKey(privateKey) };
  await expect(openSigner([wrong])(mailOf(1))).rejects.toThrow(/cannot be signed with DKIM: .*key/i);
});

test('when the thread ends in the middle, then it is started again and the mails are signed', async () => {
  const sign = openSigner(livesOf(2), dying);
  const signed = await Promise.all([mailOf(1), mailOf(2)].map(sign));
  for (const { raw } of signed) expect(raw.toString('latin1')).toMatch(/^Signed: yes\r\nFrom: /);
});

test('when the thread ends each time, then the mails are not signed and the reason is told, until it works again', async () => {
  const sign = openSigner(livesOf(4), dying);
  const ends = await Promise.allSettled([mailOf(1), mailOf(2)].map(sign));
  for (const end of ends) expect(end).toMatchObject({ status: 'rejected', reason: { message: /has ended/ } });
  await expect(sign(mailOf(3))).rejects.toThrow(/has ended/);
  expect((await sign(mailOf(4))).raw.toString('latin1')).toMatch(/^Signed: yes/);
});

test('when no thread can be had, then the mail is not signed and the reason is told', async () => {
  const unsendable = [{ toString: () => 'a function reaches no other thread' }] as unknown as DkimKey[];
  await expect(openSigner(unsendable, dying)(mailOf(1))).rejects.toThrow(
    /cannot be signed with DKIM: no thread: .*could not be cloned/,
  );
});
