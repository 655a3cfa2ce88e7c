import { createRequire } from 'node:module';
import { expect, test } from 'vitest';
import { dkimSetup, mailConfig, sampleComposer, sampleInput, sampleNotice } from './sample.ts';

interface Verified {
  results: { status: { result: string }; signingDomain: string; signingHeaders?: { keys: string } }[];
}
// mailauth shares no code with ours and carries no types.
const { dkimVerify } = createRequire(import.meta.url)('mailauth/lib/dkim/verify.js') as {
  dkimVerify: (raw: Buffer, options: object) => Promise<Verified>;
};

test('when a mail is signed, then a verifier agrees, and both unsubscribe fields and a second From are covered', async () => {
  const { settings, resolver } = dkimSetup();
  const composer = await sampleComposer(settings);
  const mail = await composer.sign(composer.newsletter(sampleInput(5)));
  const { results } = await dkimVerify(mail.raw, { resolver });
  expect(results.map(({ status }) => status.result)).toEqual(['pass']);
  const fields = (/h=([^;]*);/.exec(mail.raw.toString('latin1'))?.[1] ?? '').replace(/\s/g, '').split(':');
  expect(fields).toEqual(
    expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'auto-submitted']),
  );
  expect(fields.filter((name) => name === 'from')).toHaveLength(2);
});

test('when an Ed25519 key is set too, then both signatures hold', async () => {
  const { settings, second, resolver } = dkimSetup();
  const composer = await sampleComposer({ ...settings, ...second });
  const mail = await composer.sign(composer.newsletter(sampleInput(2)));
  const { results } = await dkimVerify(mail.raw, { resolver });
  expect(results.map(({ status }) => status.result)).toEqual(['pass', 'pass']);
  expect(mail.raw.toString('latin1')).toMatch(/a=rsa-sha256[^]*a=ed25519-sha256/);
});

test('when only half of the second key is set, then the settings are refused', () => {
  const { settings, second } = dkimSetup();
  expect(() => mailConfig({ ...settings, DKIM_ED25519_SELECTOR: 'e1' })).toThrow('both');
  expect(() => mailConfig(second)).toThrow('beside the RSA key');
});

test('when a signed mail is changed in its head or body, or gets a second From, then a verifier objects', async () => {
  const { settings, resolver } = dkimSetup();
  const composer = await sampleComposer(settings);
  const { raw } = await composer.sign(composer.newsletter(sampleInput(1)));
  const changed = [
    raw.toString('latin1').replace('Subject: 1', 'Subject: 2'),
    raw.toString('latin1').replace('looked through', 'looked though'),
    raw.toString('latin1').replace('From:', 'From: <evil@example.org>\r\nFrom:'),
  ];
  for (const text of changed) {
    expect(text).not.toBe(raw.toString('latin1'));
    const { results } = await dkimVerify(Buffer.from(text, 'latin1'), { resolver });
    expect(results[0]?.status.result).not.toBe('pass');
  }
});

test('when a notice is signed twice, then the bytes are the same', async () => {
  const { settings } = dkimSetup();
  const composer = await sampleComposer(settings);
  const mail = composer.notice(sampleNotice('confirmation'));
  expect((await composer.sign(mail)).raw.equals((await composer.sign(mail)).raw)).toBe(true);
});

test('when DKIM is not set up, then the mail goes as it is', async () => {
  const composer = await sampleComposer();
  const mail = composer.newsletter(sampleInput(1));
  expect(await composer.sign(mail)).toBe(mail);
});

test('when the key file is no key, then opening the composer names it', async () => {
  const settings = { DKIM_DOMAIN: 'digest.example.org', DKIM_SELECTOR: 'r1', DKIM_KEY_FILE: '/nonexistent/key.pem' };
  await expect(sampleComposer(settings)).rejects.toThrow('/nonexistent/key.pem');
});
