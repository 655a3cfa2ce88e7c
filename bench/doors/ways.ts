import { generateKeyPairSync } from 'node:crypto';
import { createWriteStream, mkdtempSync } from 'node:fs';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
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
import { prepareErrand, type Errand } from './errand.ts';
import { genericBody, returned, sendgridBody } from './events.ts';

/** Brings so many events in by a door. */
export interface Bringing {
  ctx: Context;
  takeIn: TakeIn;
  count: number;
  /** What was signed for each mail that came back. */
  tokens: readonly string[];
}

/** A door: what is brought there, and how fast that is read by itself. */
export interface Way {
  /** Events in one request; a mail holds one. */
  inOne: number;
  /** The body of a provider; a mail where there is none. */
  bodyOf?: typeof sendgridBody;
  /** Prepares what it brings, then returns what is measured. */
  prepare: (bringing: Bringing) => Promise<() => Promise<void>>;
}

export const DOMAIN = 'bounce.bench.example';
/** As many sessions as the port takes at a time; requests of a provider. */
const SESSIONS = 200;
const REQUESTS = 20;
const IN_A_BODY = 100;

/** What the providers sign with. */
const key = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
export const SETTINGS = {
  BOUNCE_DOMAIN: DOMAIN,
  BOUNCE_SMTP_PORT: '0',
  WEBHOOK_SENDGRID_PUBLIC_KEY: key.publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
  WEBHOOK_SECRET: SECRET,
};

/** Writes the mail of a number that comes back. */
export function mailOf(tokens: readonly string[], n: number): string {
  return returned(n, `b+${tokens[(n - 1) % tokens.length]}@${DOMAIN}`).mail;
}

/** The doors by name. */
export const WAYS: Readonly<Record<string, Way>> = {
  file: { inOne: 1, prepare: byFile },
  smtp: { inOne: 1, prepare: bySmtp },
  imap: { inOne: 1, prepare: byImap },
  sendgrid: byProvider('sendgrid', IN_A_BODY, sendgridBody),
  generic: byProvider('generic', IN_A_BODY, genericBody),
  single: byProvider('generic', 1, genericBody),
};

async function byFile({ takeIn, count, tokens }: Bringing): Promise<() => Promise<void>> {
  const file = join(mkdtempSync(join(tmpdir(), 'offprint-bench-')), 'mbox');
  const mbox = createWriteStream(file);
  for (let n = 1; n <= count; n++) {
    const isFull = !mbox.write(`From MAILER-DAEMON Mon Jan  5 12:00:00 2026\n${mailOf(tokens, n)}\n`);
    if (isFull) await once(mbox, 'drain');
  }
  mbox.end();
  await once(mbox, 'finish');
  return async () => {
    if ((await takeFiles([file], { say: () => {} }, takeIn)) !== 0) throw new Error('the mbox was not taken in');
  };
}

async function bySmtp({ ctx, takeIn, count, tokens }: Bringing): Promise<() => Promise<void>> {
  const door = await openSmtpDoor(ctx, takeIn);
  const go = await prepareErrand(smtpErrand(ctx, { port: door.port, count, tokens, perSecond: null }));
  return async () => {
    await go();
    await door.close();
  };
}

/** Says what a mail server brings to a port, so many mails a second where that is given. */
export function smtpErrand(
  ctx: Context,
  { port, count, tokens, perSecond }: Pick<Errand, 'port' | 'count' | 'tokens' | 'perSecond'>,
): Errand {
  const said = { domain: DOMAIN, secret: '', timestamp: timestampOf(ctx) };
  return { door: 'smtp', port, count, inOne: 1, atOnce: SESSIONS, perSecond, tokens, ...said };
}

function timestampOf({ now }: Context): string {
  return String(Math.floor(now().getTime() / 1_000));
}

function byProvider(door: 'sendgrid' | 'generic', inOne: number, bodyOf: typeof sendgridBody): Way {
  const secret = door === 'generic' ? SECRET : key.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const prepare = async ({ ctx, takeIn, count, tokens }: Bringing) => {
    const server = createHttpServer(createHttpApp(ctx, { takeIn }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const errand = {
      door,
      port,
      count,
      inOne,
      atOnce: REQUESTS,
      perSecond: null,
      tokens,
      domain: DOMAIN,
      secret,
      timestamp: timestampOf(ctx),
    };
    const go = await prepareErrand(errand);
    return async () => {
      await go();
      server.closeAllConnections();
      server.close();
    };
  };
  return { inOne, bodyOf, prepare };
}

async function byImap({ ctx, takeIn, count, tokens }: Bringing): Promise<() => Promise<void>> {
  const dovecot = await startDovecot();
  for (let n = 1; n <= count; n++) dovecot.deliver(mailOf(tokens, n));
  const config = { ...ctx.config, BOUNCE_IMAP_URL: `imap://ada:secret@127.0.0.1:${dovecot.port}` };
  let taken = 0;
  const counted: TakeIn = (received) => takeIn(received).finally(() => taken++);
  return async () => {
    const door = openImapDoor({ ...ctx, config }, counted);
    while (taken < count || dovecot.count() > 0) await new Promise((resolve) => setTimeout(resolve, 100));
    await door.close();
    await dovecot.stop();
  };
}
