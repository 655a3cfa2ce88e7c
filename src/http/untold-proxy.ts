import type { RequestHandler } from 'express';
import type { Context } from '../context.ts';

/** What proxies add: most of them the first, RFC 7239 the second, many a setting of nginx the third. */
const ADDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'];

const WARNING =
  'a request came by a proxy while TRUST_PROXY is 0: if the proxy is yours, all visitors count as one now, so set ' +
  'TRUST_PROXY=1 (docs/operating.md); if you have none, somebody made the header up, and nothing has to be done';

/** Warns once a process where a proxy seems to stand in front that the settings do not tell of. */
export function warnOfUntoldProxy({ config, log }: Pick<Context, 'config' | 'log'>): RequestHandler {
  let warned = config.TRUST_PROXY > 0;
  return (req, _res, next) => {
    const header = warned ? undefined : ADDED.find((name) => req.headers[name] !== undefined);
    if (header !== undefined) {
      warned = true;
      log.warn({ header }, WARNING);
    }
    next();
  };
}
