import type { Request, RequestHandler } from 'express';
import type { Context } from '../context.ts';

/** What proxies add: most of them the first, RFC 7239 the second, RFC 9110 7.6.3 the third, many a setting the rest. */
const ADDED = ['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-host', 'x-forwarded-proto'];

const WARNING =
  'a request came by a proxy while TRUST_PROXY is 0: if the proxy is yours, all visitors count as one now, so set ' +
  'TRUST_PROXY=1 (docs/operate/proxy.md); if you have none, somebody made it up, and nothing has to be done';

/**
 * Names what tells that a request came by a proxy: a header it added, or HTTP/1.0, which no browser speaks, and nginx
 * does where nothing else is set; null where nothing tells.
 */
export function signOfProxy(req: Pick<Request, 'headers' | 'httpVersion'>): string | null {
  if (req.httpVersion === '1.0') return 'HTTP/1.0';
  return ADDED.find((name) => req.headers[name] !== undefined) ?? null;
}

/** Warns once a process where a proxy seems to stand in front that the settings do not tell of. */
export function warnOfUntoldProxy({ config, log }: Pick<Context, 'config' | 'log'>): RequestHandler {
  let warned = config.TRUST_PROXY > 0;
  return (req, _res, next) => {
    const sign = warned ? null : signOfProxy(req);
    if (sign !== null) {
      warned = true;
      log.warn({ sign }, WARNING);
    }
    next();
  };
}
