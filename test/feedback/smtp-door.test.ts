import { mkdtempSync, writeFileSync } from 'node:fs';
import { connect as connectTo, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { connect as connectTls } from 'node:tls';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, PACKAGE_ROOT } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import { ownAddresses } from '../../src/feedback/doors/own-addresses.ts';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import { verpAddress } from '../../src/links/verp.ts';
import { GOOD, KEY } from '../deliver/relays/certificates.ts';
import { outage, recorder, type Recorder } from './recorder.ts';

const key = { id: 2, secret: Buffer.alloc(32, 1) };
const oldKey = { id: 1, secret: Buffer.alloc(32, 2) };
const DOMAIN = 'bounce.example.org';
const ID = '0123456789abcdef0123456789abcdef';
const OURS = verpAddress(key, ID, DOMAIN);
const SETTINGS = {
  BOUNCE_SMTP_PORT: '0',
  BOUNCE_DOMAIN: DOMAIN,
  MAIL_FROM: 'Papers <papers@bounce.example.org>',
  MAIL_REPLY_TO: 'Editor <editor@example.org>',
};
const REPORT = [
  'From: MAILER-DAEMON@mx.example.com',
  `To: ${OURS}`,
  'Subject: Undelivered Mail Returned to Sender',
  '',
  'I could not deliver your message to:',
  '',
  '<ada@example.com>: 550 5.1.1 User unknown',
  '.. and a line that begins with dots',
].join('\r\n');

let taken: Recorder;
const open: { close: () => Promise<void> }[] = [];
beforeEach(() => void (taken = recorder()));
afterEach(() => Promise.all(open.splice(0).map((each) => each.close())));

async function start(settings: Record<string, string> = {}): Promise<number> {
  const ctx = {
    config: loadConfig({ ...SETTINGS, ...settings }),
    keys: { link: [key, oldKey], suppression: Buffer.alloc(32) },
    log: pino({ level: 'silent' }),
  } as unknown as Context;
  const door = await openSmtpDoor(ctx, taken.takeIn);
  open.push(door);
  return door.port;
}

/** One end of a session: says lines, and returns each answer whole. */
async function session(port: number): Promise<{ say: (line: string) => Promise<string>; socket: Socket }> {
  let socket = connectTo(port, '127.0.0.1');
  let heard = '';
  let wake = () => {};
  const listen = () => {
    const hear = (chunk: Buffer) => {
      heard += chunk.toString();
      wake();
    };
    socket
      .on('data', hear)
      .on('error', () => wake())
      .on('close', () => wake());
  };
  listen();
  const answer = async () => {
    while (!/^\d{3}(?: .*)?\r\n$/m.test(heard) && !socket.destroyed)
      await new Promise<void>((resolve) => (wake = resolve));
    const whole = heard;
    heard = '';
    return whole.trim();
  };
  expect(await answer()).toMatch(/^220 bounce\.example\.org/);
  const say = async (line: string) => {
    if (line === '(TLS)') {
      socket.removeAllListeners();
      const inner = connectTls({ socket, rejectUnauthorized: false });
      await new Promise<void>((resolve, reject) => inner.once('secureConnect', resolve).once('error', reject));
      socket = inner;
      listen();
      return 'secure';
    }
    socket.write(`${line}\r\n`);
    return answer();
  };
  open.push({ close: () => Promise.resolve(void socket.destroy()) });
  return { say, socket };
}

/** Sends a mail; returns the answer to its last line, or to what was refused before. */
async function send(say: (line: string) => Promise<string>, mail: string, recipients = [OURS]): Promise<string> {
  await say('MAIL FROM:<>');
  for (const recipient of recipients) {
    const answer = await say(`RCPT TO:<${recipient}>`);
    if (!answer.startsWith('250')) return answer;
  }
  expect(await say('DATA')).toMatch(/^354/);
  return say(`${mail.replaceAll('\r\n.', '\r\n..')}\r\n.`);
}

describe('the addresses that are ours', () => {
  const isOurs = ownAddresses(loadConfig(SETTINGS), () => [key, oldKey]);
  test.each([
    [OURS, true],
    [OURS.toUpperCase(), true],
    [verpAddress(oldKey, ID, DOMAIN), true],
    [verpAddress({ id: 3, secret: Buffer.alloc(32, 3) }, ID, DOMAIN), false],
    [OURS.replace(/.@/, (end) => (end === '0@' ? '1@' : '0@')), false],
    [verpAddress(key, ID, 'example.com'), false],
    [`b@${DOMAIN}`, false],
    [`papers@${DOMAIN}`, true],
    [`Papers+anything@${DOMAIN}`, true],
    ['editor@example.org', false],
    [`postmaster@${DOMAIN}`, true],
    [`abuse@${DOMAIN}`, true],
    ['postmaster', true],
    ['postmaster@example.com', false],
    [`root@${DOMAIN}`, false],
  ])('when mail is for %s, then %s', (address, expected) => expect(isOurs(address)).toBe(expected));

  test('when readers may leave by mail, then that address is ours, whatever stands behind its plus', () => {
    const leaving = ownAddresses({ ...loadConfig(SETTINGS), UNSUBSCRIBE_MAILTO: 'leave@example.net' }, () => [key]);
    expect(['leave@example.net', 'Leave+token.1.2@example.net', 'left@example.net'].map(leaving)).toEqual([
      true,
      true,
      false,
    ]);
  });
});

describe('the port for bounces', () => {
  test('when a report comes to a signed address, then it is taken as it came, byte by byte', async () => {
    const { say } = await session(await start());
    expect(await say('EHLO mx.example.com')).toMatch(/SIZE 10485760/);
    expect(await send(say, REPORT)).toBe('250 2.6.0 Taken');
    expect(taken.received).toMatchObject([{ door: 'smtp', name: 'mx.example.com [127.0.0.1]', recipients: [OURS] }]);
    expect(Buffer.from(taken.received[0]!.bytes).toString()).toBe(`${REPORT}\r\n`);
    expect(taken.events).toMatchObject([{ kind: 'hard', recipients: [{ address: 'ada@example.com' }] }]);
    expect(await send(say, REPORT)).toBe('250 2.6.0 Taken');
    expect([taken.received.length, taken.again]).toEqual([1, 1]);
    expect(await say('QUIT')).toMatch(/^221/);
  });

  test('when anything else is asked, then it is refused: other addresses, logging in, names, tricks', async () => {
    const { say } = await session(await start());
    const hello = await say('EHLO mx.example.com');
    expect(hello).not.toMatch(/AUTH|STARTTLS|DSN/);
    expect(await send(say, REPORT, ['ada@example.com'])).toBe('550 5.1.1 No such address here');
    expect(await send(say, REPORT, [OURS.replace('b+0', 'b+1')])).toBe('550 5.1.1 No such address here');
    for (const command of ['AUTH PLAIN AGFkYQBzZWNyZXQ=', 'VRFY ada', 'WIZ x', 'KILL x'])
      expect(await say(command)).toMatch(/^500/);
    expect(await send(say, REPORT, ['postmaster'])).toBe('250 2.6.0 Taken');
  });

  test('when the database is away, or something is wrong here, then the mail is put off and taken later', async () => {
    const { say } = await session(await start());
    await say('EHLO mx.example.com');
    for (const failure of [outage(), new Error('a mistake of ours')]) {
      taken.failure = failure;
      expect(await send(say, REPORT)).toBe('451 4.3.0 Not now; try again');
    }
    taken.failure = null;
    expect(await send(say, REPORT)).toBe('250 2.6.0 Taken');
  });

  test('when a mail is too long, then it is refused, whether it says so beforehand or not, and the next is taken', async () => {
    const { say } = await session(await start());
    await say('EHLO mx.example.com');
    expect(await say('MAIL FROM:<> SIZE=20000000')).toMatch(/^552/);
    const line = `${'x'.repeat(998)}\r\n`;
    expect(await send(say, `Subject: long\r\n\r\n${line.repeat(10_600)}`)).toBe(
      '552 5.3.4 A mail here has 10 MB at most',
    );
    expect(await send(say, REPORT)).toBe('250 2.6.0 Taken');
    expect(taken.received).toHaveLength(1);
  });

  test('when a session tries address after address, or recipient after recipient, then it comes to an end', async () => {
    const port = await start();
    const { say } = await session(port);
    await say('EHLO mx.example.com');
    await say('MAIL FROM:<>');
    for (let n = 0; n < 20; n++) expect(await say(`RCPT TO:<guess${n}@${DOMAIN}>`)).toMatch(/^550 5\.1\.1/);
    expect(await say(`RCPT TO:<guess@${DOMAIN}>`)).toMatch(/^421 4\.7\.0/);
    const other = await session(port);
    await other.say('EHLO mx.example.com');
    await other.say('MAIL FROM:<>');
    for (let n = 0; n < 20; n++) expect(await other.say(`RCPT TO:<papers+${n}@${DOMAIN}>`)).toMatch(/^250/);
    expect(await other.say(`RCPT TO:<papers+21@${DOMAIN}>`)).toMatch(/^452/);
    expect(taken.received).toEqual([]);
  });

  test('when a sender breaks off within a mail, then nothing of it is taken', async () => {
    const { say, socket } = await session(await start());
    await say('EHLO mx.example.com');
    await say('MAIL FROM:<>');
    await say(`RCPT TO:<${OURS}>`);
    await say('DATA');
    socket.write('Subject: half\r\n\r\nhalf');
    socket.destroy();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(taken.received).toEqual([]);
  });

  test('when it speaks LMTP, then each recipient has an answer of its own', async () => {
    const { say } = await session(await start({ BOUNCE_SMTP_LMTP: 'yes' }));
    expect(await say('EHLO mx.example.com')).toMatch(/^500/);
    expect(await say('LHLO mx.example.com')).toMatch(/^250/);
    const both = [OURS, `postmaster@${DOMAIN}`];
    expect(await send(say, REPORT, both)).toBe('250 2.6.0 Taken\r\n250 2.6.0 Taken');
    expect(taken.received).toMatchObject([{ recipients: both }]);
    taken.failure = outage();
    expect(await send(say, `${REPORT}.`, both)).toMatch(/^451 4\.3\.0 .*\r\n451 4\.3\.0 /);
  });

  test('when there is a certificate, then a session may be encrypted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'offprint-door-'));
    writeFileSync(join(folder, 'cert.pem'), GOOD);
    writeFileSync(join(folder, 'key.pem'), KEY);
    const files = { BOUNCE_SMTP_CERT_FILE: join(folder, 'cert.pem'), BOUNCE_SMTP_KEY_FILE: join(folder, 'key.pem') };
    const { say } = await session(await start(files));
    expect(await say('EHLO mx.example.com')).toMatch(/STARTTLS/);
    expect(await say('STARTTLS')).toMatch(/^220/);
    await say('(TLS)');
    expect(await say('EHLO mx.example.com')).not.toMatch(/STARTTLS/);
    expect(await send(say, REPORT)).toBe('250 2.6.0 Taken');
    const before = process.cwd();
    process.chdir(join(PACKAGE_ROOT, 'test')); // relative names begin where those of other settings do
    try {
      await start({ ...files, BOUNCE_SMTP_KEY_FILE: relative(PACKAGE_ROOT, files.BOUNCE_SMTP_KEY_FILE) });
    } finally {
      process.chdir(before);
    }
    await expect(start({ ...files, BOUNCE_SMTP_KEY_FILE: join(folder, 'none.pem') })).rejects.toThrow(
      /none\.pem.*PEM file/,
    );
  });

  test('when its port is taken, then it says so; when it closes, then idle sessions end', async () => {
    const port = await start();
    await expect(start({ BOUNCE_SMTP_PORT: String(port) })).rejects.toThrow(
      /Port \d+ at 127\.0\.0\.1, for bounces: .*EADDRINUSE/,
    );
    const { socket } = await session(port);
    const ended = new Promise((resolve) => socket.once('close', resolve));
    await open.shift()?.close();
    await ended;
  });
});
