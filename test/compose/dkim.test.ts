import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { dkimSetup, mailConfig, sampleComposer } from '../world/installation.ts';
import { sampleInput, sampleNotice } from '../world/newsletters.ts';

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

test('when the name of a key file is relative, then it begins where other settings do, wherever the program runs', async () => {
  const { settings } = dkimSetup();
  const before = process.cwd();
  process.chdir(join(PACKAGE_ROOT, 'test'));
  try {
    const DKIM_KEY_FILE = relative(PACKAGE_ROOT, settings['DKIM_KEY_FILE'] ?? '');
    await expect(sampleComposer({ ...settings, DKIM_KEY_FILE })).resolves.toHaveProperty('sign');
  } finally {
    process.chdir(before);
  }
});

test('when an Ed25519 key is set too, then both signatures hold', async () => {
  const { settings, second, resolver } = dkimSetup();
  const composer = await sampleComposer({ ...settings, ...second });
  const mail = await composer.sign(composer.newsletter(sampleInput(2)));
  const { results } = await dkimVerify(mail.raw, { resolver });
  expect(results.map(({ status }) => status.result)).toEqual(['pass', 'pass']);
  expect(mail.raw.toString('latin1')).toMatch(/a=rsa-sha256[^]*a=ed25519-sha256/);
});

test.each([
  ['ses', /^X-SES-MESSAGE-TAGS: offprint=([\w-]+)\r\n/m],
  ['sendgrid', /^X-SMTPAPI: {"unique_args":{"offprint":"([\w-]+)"}}\r\n/m],
  ['mailgun', /^X-Mailgun-Variables: {"offprint":"([\w-]+)"}\r\n/m],
  ['postmark', /^X-PM-Metadata-offprint: ([\w-]+)\r\n/m],
])(
  'when %s is to hand back whose mail it was, then a field says it, signed, and both signatures hold with it and without',
  async (provider, field) => {
    const { settings, second, resolver } = dkimSetup();
    const plain = await sampleComposer();
    const composer = await sampleComposer({
      ...settings,
      ...second,
      SMTP_URL: `smtp://127.0.0.1?provider=${provider}`,
    });
    const input = sampleInput(2);
    for (const [made, bare] of [
      [composer.newsletter(input), plain.newsletter(input)],
      [composer.notice(sampleNotice('confirmation')), plain.notice(sampleNotice('confirmation'))],
    ] as const) {
      const { raw, envelope } = await composer.sign(made);
      const text = raw.toString('latin1');
      expect(`b+${field.exec(text)?.[1]}@bounce.digest.example.org`).toBe(envelope.from);
      expect(text.replace(field, '').endsWith(bare.raw.toString('latin1'))).toBe(true);
      for (const each of [raw, Buffer.from(text.replace(field, ''), 'latin1')]) {
        const { results } = await dkimVerify(each, { resolver });
        expect(results.map(({ status }) => status.result)).toEqual(['pass', 'pass']);
      }
    }
  },
);

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
    raw.toString('latin1').replace('Subject: Bridge', 'Subject: Fridge'),
    raw.toString('latin1').replace('48 read', '49 read'),
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

const KEYS = dkimSetup();

/** Signs one newsletter, with both keys, once per settings. */
const signed = (() => {
  const made = new Map<string, Promise<string>>();
  const make = async (settings: Record<string, string>) => {
    const composer = await sampleComposer({ ...KEYS.settings, ...KEYS.second, ...settings });
    return (await composer.sign(composer.newsletter(sampleInput(2)))).raw.toString('latin1');
  };
  return (settings: Record<string, string>) => {
    const name = JSON.stringify(settings);
    if (!made.has(name)) made.set(name, make(settings));
    return made.get(name)!;
  };
})();

/** What a verifier says of a signed newsletter after something happened to it on its way. */
async function verdictAfter(change: (text: string) => string, settings: Record<string, string> = {}) {
  const text = await signed(settings);
  const changed = change(text);
  expect(changed).not.toBe(text);
  const { results } = await dkimVerify(Buffer.from(changed, 'latin1'), { resolver: KEYS.resolver });
  return results.map(({ status }) => status.result);
}

const rewritten = (text: string) =>
  text
    .replace(/^Date: .*$/m, 'Date: Thu, 01 Jan 2026 00:00:00 +0000')
    .replace(/^Message-ID: .*$/m, 'Message-ID: <0100@provider.example>');

test.each([
  ['From', 'Somebody <evil@example.org>'],
  ['To', 'everybody@example.org'],
  ['Subject', 'Buy this'],
  ['Date', 'Thu, 01 Jan 2026 00:00:00 +0000'],
  ['Message-ID', '<other@example.org>'],
  ['Reply-To', 'evil@example.org'],
  ['MIME-Version', '1.0'],
  ['Content-Type', 'text/html; boundary="x"'],
  ['List-Unsubscribe', '<https://evil.example.org/>'],
  ['List-Unsubscribe-Post', 'List-Unsubscribe=One-Click'],
])('when a second %s is put in front or behind the signed ones, then both signatures break', async (name, value) => {
  const field = `${name}: ${value}\r\n`;
  expect(await verdictAfter((text) => field + text)).toEqual(['fail', 'fail']);
  expect(await verdictAfter((text) => text.replace('\r\n\r\n', `\r\n${field}\r\n`))).toEqual(['fail', 'fail']);
});

test('when a relay adds what relays and providers add, then both signatures hold', async () => {
  const added =
    'Received: from a by b\r\nFeedback-ID: 1.eu-west-1.x:AmazonSES\r\nX-Outgoing: yes\r\nSender: relay@example.org\r\n';
  expect(await verdictAfter((text) => added + text)).toEqual(['pass', 'pass']);
});

test('when the mail server writes its own Date and Message-ID, then signatures hold where these are left out, and only there', async () => {
  expect(await verdictAfter(rewritten)).toEqual(['fail', 'fail']);
  expect(await verdictAfter(rewritten, { DKIM_LEAVE_OUT: 'date' })).toEqual(['fail', 'fail']);
  expect(await verdictAfter(rewritten, { DKIM_LEAVE_OUT: 'Date, Message-ID' })).toEqual(['pass', 'pass']);
  const second = (text: string) => `Subject: Buy this\r\n${text}`;
  expect(await verdictAfter(second, { DKIM_LEAVE_OUT: 'date,message-id' })).toEqual(['fail', 'fail']);
});

test.each(['subject', 'date,from', 'date;message-id'])('when DKIM_LEAVE_OUT is %s, then it is refused', (value) => {
  expect(() => mailConfig({ DKIM_LEAVE_OUT: value })).toThrow(
    `DKIM_LEAVE_OUT=${value}: expected date,message-id or one`,
  );
});
