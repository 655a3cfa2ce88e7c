import { generateKeyPairSync, sign } from 'node:crypto';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { takeFiles } from '../../src/commands/feedback-take.ts';
import type { Context } from '../../src/context.ts';
import { openImapDoor } from '../../src/feedback/doors/imap-door.ts';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import type { TakeIn } from '../../src/feedback/received.ts';
import { createHttpApp } from '../../src/http/app.ts';
import { createHttpServer } from '../../src/http/server.ts';
import { startDovecot } from '../../test/feedback/dovecot.ts';
import { sendgridBody, type Returned } from './events.ts';

/** Brings so many events in by a door; `mailOf` writes the one of a number, `tokenOf` what a provider hands back. */
export interface Bringing {
  ctx: Context;
  takeIn: TakeIn;
  count: number;
  mailOf: (n: number) => Returned;
  tokenOf: (n: number) => string;
}

/** Events in a body of a provider's. */
export const IN_A_BODY = 100;
/** Sessions and requests at a time. */
const AT_ONCE = 10;

/** The key that the provider of the webhook signs with. */
const provider = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
export const PUBLIC_KEY = provider.publicKey.export({ format: 'der', type: 'spki' }).toString('base64');

/** Each way prepares what it brings, then returns what is measured. */
export const WAYS: Readonly<Record<string, (bringing: Bringing) => Promise<() => Promise<void>>>> = {
  file: async ({ takeIn, count, mailOf }) => {
    const file = join(mkdtempSync(join(tmpdir(), 'offprint-bench-')), 'mbox');
    const mbox = createWriteStream(file);
    for (let n = 1; n <= count; n++) {
      const isFull = !mbox.write(`From MAILER-DAEMON Mon Jan  5 12:00:00 2026\n${mailOf(n).mail}\n`);
      if (isFull) await once(mbox, 'drain');
    }
    mbox.end();
    await once(mbox, 'finish');
    return async () => {
      if ((await takeFiles([file], { say: () => {} }, takeIn)) !== 0) throw new Error('the mbox was not taken in');
    };
  },

  smtp: async ({ ctx, takeIn, count, mailOf }) => {
    const door = await openSmtpDoor(ctx, takeIn);
    return async () => {
      await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => smtpSession(door.port, mailsOf(at, count, mailOf))));
      await door.close();
    };
  },

  webhook: async ({ ctx, takeIn, count, tokenOf }) => {
    const server = createHttpServer(createHttpApp(ctx, { takeIn }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhooks/sendgrid`;
    const post = async (first: number) => {
      const size = Math.min(IN_A_BODY, count - first + 1);
      const some = Array.from({ length: size }, (_, at) => ({ n: first + at, token: tokenOf(first + at) }));
      const answer = await fetch(url, { method: 'POST', ...signed(sendgridBody(some), ctx.now()) });
      if (answer.status !== 200) throw new Error(await answer.text());
      await answer.text();
    };
    return async () => {
      let next = 1;
      const one = async () => {
        for (let first = next; first <= count; first = next) {
          next += IN_A_BODY;
          await post(first);
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, one));
      server.closeAllConnections();
      server.close();
    };
  },

  imap: async ({ ctx, takeIn, count, mailOf }) => {
    const dovecot = await startDovecot();
    for (let n = 1; n <= count; n++) dovecot.deliver(mailOf(n).mail);
    const url = `imap://ada:secret@127.0.0.1:${dovecot.port}`;
    return async () => {
      const door = openImapDoor({ ...ctx, config: { ...ctx.config, BOUNCE_IMAP_URL: url } }, takeIn);
      while (dovecot.count() > 0) await new Promise((resolve) => setTimeout(resolve, 200));
      await door.close();
      await dovecot.stop();
    };
  },
};

function* mailsOf(at: number, count: number, mailOf: (n: number) => Returned): Generator<Returned> {
  for (let n = at + 1; n <= count; n += AT_ONCE) yield mailOf(n);
}

/** Sends mail after mail over one session, each command when the last is answered. */
async function smtpSession(port: number, mails: Iterable<Returned>): Promise<void> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let [heard, wake] = ['', () => {}];
  socket.on('data', (chunk) => {
    heard += chunk.toString('latin1');
    wake();
  });
  const answer = async (line: string, expected: string) => {
    if (line !== '') socket.write(`${line}\r\n`);
    while (!/^\d{3} .*\r\n$/m.test(heard)) await new Promise<void>((resolve) => (wake = resolve));
    if (!heard.startsWith(expected)) throw new Error(`${line.slice(0, 80)}: ${heard}`);
    heard = '';
  };
  await answer('', '220');
  await answer('EHLO relay.bench.example', '250');
  for (const { recipient, mail } of mails) {
    await answer('MAIL FROM:<>', '250');
    await answer(`RCPT TO:<${recipient}>`, '250');
    await answer('DATA', '354');
    await answer(`${mail.replaceAll('\n', '\r\n')}.`, '250');
  }
  socket.end('QUIT\r\n');
  await once(socket, 'close');
}

function signed(body: string, now: Date): { body: string; headers: Record<string, string> } {
  const timestamp = String(Math.floor(now.getTime() / 1_000));
  const signature = sign('sha256', Buffer.from(timestamp + body), provider.privateKey).toString('base64');
  return {
    body,
    headers: {
      'x-twilio-email-event-webhook-signature': signature,
      'x-twilio-email-event-webhook-timestamp': timestamp,
    },
  };
}
