import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import type { SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server';
import type { Context } from '../../context.ts';
import { AppError, messageOf } from '../../lib/errors.ts';
import { isOutage } from '../../lib/outage.ts';
import { fromHome } from '../../package.ts';
import type { TakeIn } from '../received.ts';
import { MOST_MAIL_BYTES, type Door } from './door.ts';
import { ownAddresses } from './own-addresses.ts';

/** Mails that are being read or taken in, all together: beyond so many bytes the next waits outside. */
const MOST_AT_ONCE_BYTES = 4 * MOST_MAIL_BYTES;
const CONNECTIONS = 200;
/** For the next command, or the next piece of a mail. */
const IDLE_MS = 60_000;
/** Recipients of one mail; a report has one. */
const RECIPIENTS = 20;
/** Recipients in one session that are not ours: whoever tries more is guessing. */
const STRANGERS = 20;
/** Mails in one session. */
const MAILS = 1_000;
/** What is under way when the door closes has so long to end. */
const CLOSING_MS = 2_000;
/** Nothing of this is needed to take a mail. */
const NEVER = ['AUTH', 'VRFY', 'EXPN', 'ETRN', 'XCLIENT', 'XFORWARD', 'WIZ', 'SHELL', 'KILL'];

/**
 * Opens a port for mail to our own addresses, over SMTP or LMTP: nothing is passed on and nobody is answered. A mail is
 * taken once it is stored; while the database is away it is put off. Throws AppError unavailable where the port cannot
 * be had, bad-input where the certificate cannot be read.
 */
export async function openSmtpDoor(ctx: Context, takeIn: TakeIn): Promise<Door & { port: number }> {
  const { SMTPServer } = await import('smtp-server');
  const { BOUNCE_SMTP_PORT: port = 0, BOUNCE_SMTP_HOST: host } = ctx.config;
  const server = new SMTPServer({ ...optionsOf(ctx), ...handlersOf(ctx, takeIn) });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(unopened(host, port, error)));
    server.listen(port, host, resolve);
  });
  server.removeAllListeners('error');
  server.on('error', (error) => ctx.log.debug({ problem: messageOf(error) }, 'a session of the bounce port broke'));
  const { port: listening } = server.server.address() as AddressInfo;
  ctx.log.info({ host, port: listening, lmtp: ctx.config.BOUNCE_SMTP_LMTP }, 'bounces are taken');
  return { port: listening, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function optionsOf({ config }: Context): SMTPServerOptions {
  const { BOUNCE_SMTP_CERT_FILE: cert, BOUNCE_SMTP_KEY_FILE: key } = config;
  return {
    name: config.BOUNCE_DOMAIN ?? 'localhost',
    lmtp: config.BOUNCE_SMTP_LMTP,
    size: MOST_MAIL_BYTES,
    maxClients: CONNECTIONS,
    maxRecipients: RECIPIENTS,
    socketTimeout: IDLE_MS,
    closeTimeout: CLOSING_MS,
    disableReverseLookup: true,
    disabledCommands: cert && key ? NEVER : [...NEVER, 'STARTTLS'],
    logger: false,
    ...(cert && key && { cert: pem(cert), key: pem(key) }),
  };
}

function pem(file: string): Buffer {
  try {
    return readFileSync(fromHome(file));
  } catch (error) {
    throw new AppError('bad-input', `${file}: ${messageOf(error)}; expected a PEM file`, { cause: error });
  }
}

function unopened(host: string, port: number, error: Error): AppError {
  const words = `Port ${port} at ${host}, for bounces: ${messageOf(error)}`;
  return new AppError('unavailable', `${words}. Set BOUNCE_SMTP_PORT or BOUNCE_SMTP_HOST.`, { cause: error });
}

/** What a session has done so far. */
interface Doings {
  strangers: number;
  mails: number;
}

function handlersOf(ctx: Context, takeIn: TakeIn): SMTPServerOptions {
  const isOurs = ownAddresses(ctx.config, () => ctx.keys.link);
  const doings = new WeakMap<SMTPServerSession, Doings>();
  const doingsOf = (session: SMTPServerSession) => {
    const done = doings.get(session) ?? { strangers: 0, mails: 0 };
    doings.set(session, done);
    return done;
  };
  const room = { bytes: 0 };
  return {
    onMailFrom: (_from, session, done) => {
      done(++doingsOf(session).mails > MAILS ? reply(421, '4.7.0 So many mails are enough; connect again') : null);
    },
    onRcptTo: ({ address }, session, done) => {
      if (isOurs(address)) return done();
      const isGuessing = ++doingsOf(session).strangers > STRANGERS;
      done(
        isGuessing
          ? reply(421, '4.7.0 Too many addresses that are not here')
          : reply(550, '5.1.1 No such address here'),
      );
    },
    onData: (stream, session, done) => {
      receive(stream, room, (bytes) => take(ctx, takeIn, bytes, session)).then((words) => done(null, words), done);
    },
  };
}

/** Reads a mail whole and hands it on; of one that is too long, or too much at once, nothing is kept. */
async function receive(
  stream: SMTPServerDataStream,
  room: { bytes: number },
  handOn: (bytes: Buffer) => Promise<string>,
): Promise<string> {
  const chunks: Buffer[] = [];
  let [held, isTooMuch] = [0, false];
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      isTooMuch ||= room.bytes + chunk.length > MOST_AT_ONCE_BYTES;
      if (isTooMuch || held + chunk.length > MOST_MAIL_BYTES) continue;
      chunks.push(chunk);
      held += chunk.length;
      room.bytes += chunk.length;
    }
    if (stream.sizeExceeded) throw reply(552, '5.3.4 A mail here has 10 MB at most');
    if (isTooMuch) throw reply(451, '4.3.1 Too much at once; try again in a moment');
    return await handOn(Buffer.concat(chunks.splice(0)));
  } finally {
    room.bytes -= held;
  }
}

async function take(ctx: Context, takeIn: TakeIn, bytes: Buffer, session: SMTPServerSession): Promise<string> {
  const recipients = session.envelope.rcptTo.map(({ address }) => address);
  try {
    await takeIn({ door: 'smtp', name: `${session.hostNameAppearsAs} [${session.remoteAddress}]`, bytes, recipients });
    return '2.6.0 Taken';
  } catch (error) {
    const problem = messageOf(error);
    if (isOutage(error)) ctx.log.warn({ problem }, 'a bounce is put off: the database does not answer');
    else ctx.log.error({ err: error }, 'a bounce is put off');
    throw reply(451, '4.3.0 Not now; try again');
  }
}

function reply(responseCode: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode });
}
