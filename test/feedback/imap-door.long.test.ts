import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import { openImapDoor } from '../../src/feedback/doors/imap-door.ts';
import { DOVECOT, startCutter, startDovecot, type Cutter, type Dovecot } from './dovecot.ts';
import { outage, recorder, type Recorder } from './recorder.ts';

const PACE = { lookMs: 60_000, restMs: [20] };
const report = (n: number) =>
  `Delivered-To: b+${n}@bounce.example.org\nFrom: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n\n<reader${n}@example.com>: 550 5.1.1 User unknown\n`;
const answer = (n: number) =>
  `From: reader${n}@example.com\nSubject: Re: Papers\nIn-Reply-To: <x@example.org>\n\nThank you, ${n}\n`;

let dovecot: Dovecot;
let cutter: Cutter;
let taken: Recorder;
let door: { close: () => Promise<void> } | null = null;
const log: string[] = [];

beforeAll(async () => {
  if (!DOVECOT) return;
  dovecot = await startDovecot();
  cutter = await startCutter(dovecot.port);
});
beforeEach(() => {
  taken = recorder();
  log.length = 0;
});
afterEach(async () => {
  await door?.close();
  door = null;
});
afterAll(async () => {
  await cutter?.close();
  await dovecot?.stop();
});

function open(port = cutter.port, pace = PACE): void {
  const ctx = {
    config: loadConfig({ BOUNCE_IMAP_URL: `imap://ada:secret@127.0.0.1:${port}/INBOX` }),
    log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
  } as unknown as Context;
  door = openImapDoor(ctx, (received) => taken.takeIn(received), pace);
}

async function until(holds: () => boolean, what: string): Promise<void> {
  for (let tries = 0; tries < 1_500 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds(), `${what}\n${log.join('')}`).toBe(true);
}
const isEmpty = () => dovecot.count() === 0;
const known = () => taken.received.map(({ bytes }) => Buffer.from(bytes).toString().replaceAll('\r\n', '\n')).sort();
const moved = () => [...dovecot.mails('Offprint/Done'), ...dovecot.mails('Offprint/Unclear')].sort();

describe.skipIf(!DOVECOT)('a mailbox at Dovecot', () => {
  test('when mails lie in it and more come, then each is taken in at once with its place, and moved to where it belongs', async () => {
    dovecot.deliver(report(1));
    dovecot.deliver(answer(2));
    open();
    await until(isEmpty, 'both are moved');
    dovecot.deliver(report(3));
    await until(() => taken.received.length === 3 && isEmpty(), 'the third is told of by IDLE');
    expect(dovecot.mails('Offprint/Done').sort()).toEqual([report(1), report(3)]);
    expect(dovecot.mails('Offprint/Unclear')).toEqual([answer(2)]);
    expect(taken.received[0]).toMatchObject({ door: 'imap', recipients: ['b+1@bounce.example.org'] });
    expect(new Set(taken.received.map(({ place }) => place)).size).toBe(3);
    expect(taken.received[0]?.place).toMatch(/^imap:127\.0\.0\.1\/ada\/INBOX\/\d+\/\d+$/);
  });

  test('when the line is cut at each thing that is said, in turn, then nothing is lost and nothing comes twice', async () => {
    let n = 10;
    const before = moved();
    const sent: string[] = [];
    for (const how of ['before', 'after'] as const) {
      for (let at = 1; ; at++) {
        const [a, b] = [report(++n), answer(n)];
        sent.push(a, b);
        const cuts = cutter.cuts;
        cutter.cutAt(at, how);
        dovecot.deliver(a);
        dovecot.deliver(b);
        open();
        await until(isEmpty, `the mails are moved though the line was cut ${how} the ${at}th`);
        await door?.close();
        door = null;
        cutter.cutAt(null, how);
        if (cutter.cuts === cuts) break; // it came to an end before
        expect(at).toBeLessThan(60);
      }
    }
    expect(cutter.cuts).toBeGreaterThan(12);
    expect(known()).toEqual([...sent].sort());
    expect(moved()).toEqual([...before, ...sent].sort());
  });

  test('when the numbers of the mailbox begin anew, then all in it is read again, and what is known counts once', async () => {
    taken.failure = outage();
    const mails = [report(1_001), report(1_002), answer(1_003)];
    mails.forEach((mail) => dovecot.deliver(mail));
    open();
    await until(() => log.some((line) => line.includes('cannot be read')), 'the database is away');
    await door?.close();
    const first = recorder();
    const places: string[] = [];
    // Taken in, but the door closes before the mails are moved.
    taken = {
      ...first,
      takeIn: async (received) => {
        places.push(received.place ?? '');
        const answered = await first.takeIn(received);
        cutter.cutAt(1, 'before');
        return answered;
      },
    };
    open(cutter.port, { ...PACE, restMs: [600_000] });
    await until(
      () => first.received.length === 3 && log.some((line) => /closed|reset/.test(line)),
      'all are taken in, none is moved',
    );
    await door?.close();
    expect(dovecot.count()).toBe(3);
    await dovecot.stop();
    dovecot.forgetNumbers();
    await new Promise((resolve) => setTimeout(resolve, 1_100)); // the new life is named by the second
    await dovecot.start();
    taken = {
      ...first,
      takeIn: (received) => {
        places.push(received.place ?? '');
        return first.takeIn(received);
      },
    };
    open();
    await until(isEmpty, 'all are moved');
    expect(first.received).toHaveLength(3);
    expect(first.again).toBe(3);
    expect(new Set(places.map((place) => place.split('/').at(-2))).size).toBe(2);
  });

  test('when Dovecot goes away and comes back, then the door finds it again by itself, and says both', async () => {
    open(dovecot.port);
    dovecot.deliver(report(2_001));
    await until(isEmpty, 'it reads');
    await dovecot.stop();
    await until(() => log.some((line) => line.includes('cannot be read')), 'it says that it cannot read');
    dovecot.deliver(report(2_002));
    await dovecot.start();
    await until(isEmpty, 'it reads again');
    await until(() => log.some((line) => line.includes('is read again')), 'it says that it reads again');
    expect(taken.received).toHaveLength(2);
  });

  test('when what reads is killed (-9) at mail after mail, before or after its commit, then each is in once and moved', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'offprint-imap-')), 'committed');
    const before = moved();
    const mails = Array.from({ length: 12 }, (_, n) => report(5_001 + n));
    mails.forEach((mail) => dovecot.deliver(mail));
    const url = `imap://ada:secret@127.0.0.1:${dovecot.port}`;
    const program = join(import.meta.dirname, 'imap-reader-process.ts');
    const read = async (at: number, how: string) => {
      const args = ['--import', 'tsx', program, url, file, String(at), how];
      const child = spawn(process.execPath, args, { stdio: 'ignore' });
      const ended = new Promise<string | null>((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
      await Promise.race([ended, until(isEmpty, 'all are moved')]);
      child.kill('SIGTERM');
      return ended;
    };
    for (const at of [1, 3, 7, 12]) for (const how of ['before', 'after']) expect(await read(at, how)).toBe('SIGKILL');
    expect(await read(0, 'before')).toBe('SIGTERM');
    const committed = readFileSync(file, 'utf8').trim().split('\n');
    expect(committed.map((line) => line.split(' ')[0]).sort()).toEqual(
      mails.map((mail) => createHash('sha256').update(mail.replaceAll('\n', '\r\n')).digest('hex')).sort(),
    );
    expect(moved()).toEqual([...before, ...mails].sort());
  });

  test('when a mail cannot be taken in by a mistake of ours, then it stays, and the others are taken in', async () => {
    const { takeIn } = taken;
    taken.takeIn = (received) =>
      Buffer.from(received.bytes).includes('reader3001@') ? Promise.reject(new Error('a mistake')) : takeIn(received);
    dovecot.deliver(report(3_001));
    dovecot.deliver(report(3_002));
    open();
    await until(() => dovecot.count() === 1, 'the other is moved');
    expect(dovecot.mails()).toEqual([report(3_001)]);
    expect(log.some((line) => line.includes('cannot be taken in, and stays there'))).toBe(true);
    taken.takeIn = takeIn;
    await door?.close();
    open();
    await until(isEmpty, 'it is taken in later');
  });

  test('when a mail is larger than any should be, then its beginning is taken in, and all of it is moved', async () => {
    dovecot.deliver(`${report(4_001)}${'a line of text\n'.repeat(1_000_000)}`);
    open();
    await until(isEmpty, 'it is moved');
    expect(taken.received[0]?.bytes).toHaveLength(10 * 1024 * 1024);
    expect(Math.max(...dovecot.mails('Offprint/Done').map(({ length }) => length))).toBeGreaterThan(15_000_000);
  });
});
