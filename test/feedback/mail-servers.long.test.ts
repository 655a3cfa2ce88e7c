import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import pino from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { takeFiles } from '../../src/commands/feedback-take.ts';
import { loadConfig, PACKAGE_ROOT } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import type { TakeIn } from '../../src/feedback/received.ts';
import { verpAddress } from '../../src/links/verp.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { EXIM, startExim } from './exim.ts';
import { POSTFIX, startPostfix, type MailServer } from './postfix.ts';
import { outage, recorder } from './recorder.ts';

const key = { id: 1, secret: Buffer.alloc(32, 1) };
const MAIL = (n: number) => `${'0'.repeat(31)}${n}`;
const ways = ['port', 'lmtp', 'pipe', 'box'] as const;
const senderOf = (way: string, n: number) => verpAddress(key, MAIL(n), `${way}.example.org`);

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function open(way: string, takeIn: TakeIn): ReturnType<typeof openSmtpDoor> {
  const settings = {
    BOUNCE_SMTP_PORT: '0',
    BOUNCE_DOMAIN: `${way}.example.org`,
    BOUNCE_SMTP_LMTP: way === 'lmtp' ? 'yes' : 'no',
  };
  const ctx = {
    config: loadConfig(settings),
    keys: { link: [key] },
    log: pino({ level: 'silent' }),
  } as unknown as Context;
  return openSmtpDoor(ctx, takeIn);
}

const inFolder = (folder: string) => (existsSync(folder) ? readdirSync(folder).length : 0);

describe.each([
  ['Postfix', POSTFIX, startPostfix],
  ['Exim', EXIM, startExim],
] as const)('what %s brings back', (_name, installed, startServer) => {
  let server: MailServer;
  let submission: number;
  let receiver: TestSmtp;
  let file: string;
  const byPort = recorder();
  const byLmtp = recorder();
  const doors: { close: () => Promise<void>; port: number }[] = [];

  beforeAll(async () => {
    if (!installed) return;
    receiver = await startSmtp();
    receiver.modeFor = (to) => (to.startsWith('full') ? '5xx-data' : to.startsWith('dead') ? '5xx-rcpt' : 'ok');
    const port = await open('port', (received) => byPort.takeIn(received));
    const lmtp = await open('lmtp', (received) => byLmtp.takeIn(received));
    doors.push(port, lmtp);
    submission = await freePort();
    const shared = execFileSync('mktemp', ['-d', '/tmp/offprint-pipe-XXXXXX'], { encoding: 'utf8' }).trim();
    execFileSync('chown', ['nobody', shared]);
    file = join(shared, 'taken');
    const program = join(import.meta.dirname, 'pipe-process.ts');
    const tsx = join(PACKAGE_ROOT, 'node_modules', 'tsx', 'dist', 'loader.mjs');
    server = await startServer(submission, () => ({
      smtp: { 'readers.example.net': receiver.port, 'port.example.org': port.port },
      lmtp: lmtp.port,
      pipe: `${process.execPath} --import ${tsx} ${program} ${file} RECIPIENT`,
    }));
  });
  afterAll(async () => {
    if (!installed) return;
    server.stop();
    await Promise.all([...doors, receiver].map((each) => each.close()));
  });

  async function send(from: string, to: string): Promise<void> {
    const transport = createTransport({ host: '127.0.0.1', port: submission, ignoreTLS: true });
    const raw = 'From: papers@example.org\r\nSubject: Papers\r\n\r\nPapers\r\n';
    await transport.sendMail({ envelope: { from, to: [to] }, raw });
    transport.close();
  }

  async function until(holds: () => boolean, what: string): Promise<void> {
    for (let tries = 0; tries < 300 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
    expect(holds(), `${what}\n${server.log()}`).toBe(true);
  }
  const lines = () => (existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').sort() : []);
  const maildir = () => join(server.boxes, 'box.example.org');

  test.skipIf(!installed)(
    'when receivers refuse mails, then each report comes back by each way, for the address that its mail bore',
    async () => {
      for (const way of ways) {
        await send(senderOf(way, 1), 'dead@readers.example.net');
        await send(senderOf(way, 2), 'full@readers.example.net');
        await send(senderOf(way, 3), 'well@readers.example.net');
      }
      const counts = () => [
        byPort.received.length,
        byLmtp.received.length,
        lines().length,
        inFolder(join(maildir(), 'new')),
      ];
      await until(() => counts().every((count) => count >= 2), 'eight reports come back');
      for (const [way, { received, events }] of [
        ['port', byPort],
        ['lmtp', byLmtp],
      ] as const) {
        const told = received.map(({ recipients }, at) => [
          recipients[0],
          events[at]?.kind,
          events[at]?.recipients[0]?.address,
        ]);
        expect(told.sort()).toEqual([
          [senderOf(way, 1), 'hard', 'dead@readers.example.net'],
          [senderOf(way, 2), 'soft', 'full@readers.example.net'],
        ]);
      }
      expect(lines()).toEqual([
        `${senderOf('pipe', 1)} hard dead@readers.example.net`,
        `${senderOf('pipe', 2)} soft full@readers.example.net`,
      ]);
      const byBox = recorder();
      expect(await takeFiles([maildir()], { say: () => {} }, byBox.takeIn)).toBe(0);
      expect(byBox.received.map(({ recipients }) => recipients[0]).sort()).toEqual([
        senderOf('box', 1),
        senderOf('box', 2),
      ]);
      await until(() => receiver.mails.length === ways.length, 'what was not refused arrives');
      expect(receiver.mails.map(({ from }) => from).sort()).toEqual(ways.map((way) => senderOf(way, 3)).sort());
    },
  );

  test.skipIf(!installed)(
    'when the database is away, then the reports wait there, and come when it is back',
    async () => {
      byPort.failure = outage();
      byLmtp.failure = outage();
      writeFileSync(`${file}.away`, '');
      for (const way of ['port', 'lmtp', 'pipe']) await send(senderOf(way, 4), 'dead@readers.example.net');
      await until(() => server.putOff() >= 3, 'all three are put off');
      expect(server.log()).toMatch(/451 4\.3\.0 Not now; try again/);
      byPort.failure = null;
      byLmtp.failure = null;
      rmSync(`${file}.away`);
      const counts = () => [byPort.received.length, byLmtp.received.length, lines().length];
      await until(() => {
        if (counts().some((count) => count < 3)) server.flush();
        return counts().every((count) => count === 3);
      }, 'all come');
      expect([byPort, byLmtp].map(({ received }) => received.at(-1)?.recipients[0])).toEqual([
        senderOf('port', 4),
        senderOf('lmtp', 4),
      ]);
    },
  );

  test.skipIf(!installed)('when a report is for a forged address, then it is refused and nobody is told', async () => {
    await send(senderOf('port', 5).replace('b+0', 'b+1'), 'dead@readers.example.net');
    await until(() => /550 5\.1\.1 No such address here/.test(server.log()), 'it is refused');
    expect(byPort.received).toHaveLength(3);
  });
});
