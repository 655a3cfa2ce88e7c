import { hostname } from 'node:os';
import { parseConnectionUrl } from 'nodemailer/lib/shared';
import SMTPConnection, { type SMTPConnectionAuth, type SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection';
import type { Config } from '../../config.ts';
import { ehloName } from '../../model/ehlo.ts';
import { CrowdedError, type Mail, type MailConnection, type Mailer, type SendResult } from '../../model/mail.ts';
import type { RelaySetting } from '../../model/relay.ts';
import { readReply } from '../../replies/read-reply.ts';
import { smtpFault, type ConnectProblem, type Dialled } from './smtp-faults.ts';
import { openSmtpConnection } from './smtp-connection.ts';

/** RFC 5321 4.5.3.2.1: five minutes for the greeting. */
const GREETING_MS = 300_000;
const CONNECT_MS = 120_000;
/** A relay that has gone is let go of at once; QUIT was said before. */
const CLOSE_MS = 1_000;

type SmtpOptions = SMTPConnectionOptions & { auth?: SMTPConnectionAuth };

/** Opens the way out over SMTP: connections of Nodemailer's own kind, kept open, fed with ready bytes. */
export function createSmtpMailer(config: Config, relays: readonly RelaySetting[]): Mailer {
  return {
    kind: 'smtp',
    connections: config.SEND_CONNECTIONS,
    relays: relays.map(({ name, url, weight }) => {
      const options = connectionOptions(config, url);
      return { name, weight, connect: () => connectSmtp(options) };
    }),
  };
}

/**
 * Reads a URL of SMTP_URL (also `?requireTLS=true`, `?ignoreTLS=true`, `?tls.rejectUnauthorized=false`, as Nodemailer
 * has them) and SMTP_TIMEOUT_SECONDS.
 */
export function connectionOptions(config: Config, url: string): SmtpOptions {
  const given = parseConnectionUrl(url) as SmtpOptions;
  const timeout = config.SMTP_TIMEOUT_SECONDS * 1000;
  return {
    ...given,
    ...encryption(given),
    port: given.port ?? (given.secure ? 465 : 25),
    name: config.EHLO_NAME ?? ehloName(new URL(config.PUBLIC_URL).hostname) ?? ehloName(hostname()) ?? '[127.0.0.1]',
    connectionTimeout: Math.min(timeout, CONNECT_MS),
    greetingTimeout: Math.min(timeout, GREETING_MS),
    dnsTimeout: Math.min(timeout, CONNECT_MS),
    socketTimeout: timeout,
    socketCloseTimeout: CLOSE_MS,
    logger: false,
  };
}

/**
 * A password never leaves the machine in the clear; on the machine itself encryption protects nothing and certificates
 * name nobody.
 */
function encryption(given: SmtpOptions): SMTPConnectionOptions {
  if (given.secure || given.requireTLS !== undefined || given.ignoreTLS !== undefined) return {};
  if (/^(localhost|127\.[\d.]+|\[?::1\]?)$/.test(given.host ?? 'localhost')) return { ignoreTLS: true };
  return given.auth ? { requireTLS: true } : {};
}

async function connectSmtp(options: SmtpOptions): Promise<MailConnection> {
  const connection = new SMTPConnection(options);
  await new Promise<void>((resolve, reject) => {
    const fail = (error: ConnectProblem) => {
      const Fault = isCrowd(error) ? CrowdedError : Error;
      reject(new Fault(smtpFault(error, dialled(options, connection)), { cause: error }));
      connection.close();
    };
    connection.once('error', fail);
    connection.once('end', () => fail(new Error('the server closed the connection')));
    connection.connect((error) => {
      if (error) return fail(error);
      if (!options.auth || connection.authenticated) return resolve();
      connection.login(options.auth, (problem) => (problem ? fail(problem) : resolve()));
    });
  });
  connection.removeAllListeners('error');
  connection.removeAllListeners('end');
  return openSmtpConnection(connection, (mail) => refusedByUs(mail));
}

/** Is it one connection too many, which its greeting says, or its answer to a login? */
function isCrowd({ responseCode: code, response, message }: ConnectProblem): boolean {
  return code !== undefined && readReply({ code, reply: response ?? message, stage: 'connect' }).about === 'crowd';
}

function dialled({ host, port, secure, name, auth }: SmtpOptions, connection: SMTPConnection): Dialled {
  const { user, pass } = (auth ?? {}) as { user?: string; pass?: string };
  return {
    ...{ host: host ?? 'localhost', port: Number(port), secure: secure ?? false, name: name ?? '' },
    ...{ user, password: pass, heard: connection.lastServerResponse || undefined },
  };
}

/** What must not go out: an address that is not ASCII, where SMTPUTF8 is not promised all the way (RFC 6531 3.2). */
function refusedByUs(mail: Mail): SendResult | null {
  if (mail.raw.length === 0)
    return { outcome: 'refused', code: 554, reply: 'an empty mail is never sent', stage: 'data' };
  if (/^[\u0021-\u007e]+$/.test(mail.envelope.to) && !/[<>\r\n]/.test(mail.envelope.from)) return null;
  return { outcome: 'refused', code: 553, reply: '5.6.7 the address is not ASCII and cannot be sent', stage: 'rcpt' };
}
