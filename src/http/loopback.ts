import type { Request } from 'express';
import type { Config } from '../config.ts';
import { isLoopback } from '../lib/public-address.ts';

const LOOPBACK_NAMES = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Tells whether this request may see the mails of the outbox: only while mail goes there, the service calls itself
 * localhost, and both the connection and the host asked for are this machine (a proxy in front, or a name that
 * somebody pointed at 127.0.0.1, is refused).
 */
export function outboxIsOpenTo(config: Config, req: Request): boolean {
  return (
    config.SMTP_URL === undefined &&
    LOOPBACK_NAMES.has(new URL(config.PUBLIC_URL).hostname) &&
    comesFromThisMachine(req)
  );
}

/** Tells whether a request was made on this machine, to this machine, with no proxy between. */
export function comesFromThisMachine(req: Request): boolean {
  return (
    isLoopback(req.socket.remoteAddress) &&
    req.get('x-forwarded-for') === undefined &&
    req.get('forwarded') === undefined &&
    LOOPBACK_NAMES.has(hostName(req.get('host')))
  );
}

function hostName(host: string | undefined): string {
  return (host ?? '').replace(/:\d+$/, '').toLowerCase();
}
