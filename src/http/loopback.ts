import { timingSafeEqual } from 'node:crypto';
import type { Request, Response } from 'express';
import type { Config } from '../config.ts';
import { isLoopback } from '../lib/public-address.ts';
import { signOfProxy } from './untold-proxy.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/** What an operator's page is opened by. */
export type Opening = 'open' | 'token-wanted' | 'closed';

/**
 * Tells whether this request may see the mails of the outbox: only on a developer's machine, and by the token too where
 * one is set.
 */
export function outboxIsOpenTo(config: Config, req: Request): Opening {
  if (!isDevelopment(config) || !comesFromThisMachine(req)) return 'closed';
  return config.METRICS_TOKEN === undefined || bears(req, config.METRICS_TOKEN) ? 'open' : 'token-wanted';
}

/**
 * Tells whether this request may see the numbers: whoever bears the token, and nobody else where one is set. Without
 * one they are for a developer's machine alone: a proxy on this machine makes everybody's request come from here, and
 * no header that it may or may not set tells them apart.
 */
export function numbersAreOpenTo(config: Config, req: Request): Opening {
  if (config.METRICS_TOKEN !== undefined) return bears(req, config.METRICS_TOKEN) ? 'open' : 'token-wanted';
  return isDevelopment(config) && comesFromThisMachine(req) ? 'open' : 'closed';
}

/** Asks for the token, in a way that makes browsers ask their user (RFC 7235 4.1). */
export function askForToken(res: Response): void {
  res.set({ 'Cache-Control': 'no-store', 'WWW-Authenticate': 'Bearer, Basic realm="METRICS_TOKEN", charset="UTF-8"' });
  res.status(401).type('text').send('This is for who bears METRICS_TOKEN (as a bearer, or as a password).\n');
}

/**
 * Tells whether nothing leaves this machine and nothing is meant to reach it: no mail server, no proxy that is trusted,
 * and every link leads to localhost.
 */
export function isDevelopment(config: Config): boolean {
  const local = LOOPBACK_NAMES.has(new URL(config.PUBLIC_URL).hostname);
  return config.SMTP_URL === undefined && config.TRUST_PROXY === 0 && local;
}

/**
 * Tells whether a request was made on this machine, to this machine: a second look, against whatever a browser is made
 * to ask here by a name that somebody pointed at 127.0.0.1.
 */
function comesFromThisMachine(req: Request): boolean {
  return (
    isLoopback(req.socket.remoteAddress) && signOfProxy(req) === null && LOOPBACK_NAMES.has(hostName(req.get('host')))
  );
}

/** Whether a request holds the token: as a bearer (RFC 6750), or as the password a browser asks for (RFC 7617). */
function bears(req: Request, token: string): boolean {
  const [, scheme = '', given = ''] = /^(bearer|basic) +(\S+)$/i.exec(req.get('authorization') ?? '') ?? [];
  const basic = scheme.toLowerCase() === 'basic';
  const said = Buffer.from(
    basic
      ? Buffer.from(given, 'base64')
          .toString()
          .replace(/^[^:]*:/, '')
      : given,
  );
  const expected = Buffer.from(token);
  return scheme !== '' && said.length === expected.length && timingSafeEqual(said, expected);
}

function hostName(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase();
}
