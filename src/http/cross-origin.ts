import type { RequestHandler } from 'express';

/** How long browsers keep the answer to a preflight, in seconds: Chromium's own limit. */
const KEPT_SECONDS = 7_200;

/**
 * Lets scripts of any other site ask here (Fetch standard, 3.2): for what is public, without cookies, and only with
 * these methods. `applies` narrows it to requests that a script may make.
 */
export function openToOtherSites(methods: readonly string[]): RequestHandler {
  const allowed = methods.join(', ');
  return (req, res, next) => {
    res.set({
      'Access-Control-Allow-Origin': '*',
      'Access-Control-Expose-Headers': 'Retry-After, Content-Language',
      'Cross-Origin-Resource-Policy': 'cross-origin',
    });
    if (req.method !== 'OPTIONS') return next();
    res.set({
      Allow: allowed,
      'Access-Control-Allow-Methods': allowed,
      'Access-Control-Allow-Headers': 'Content-Type, Accept, Accept-Language, If-None-Match, If-Modified-Since',
      'Access-Control-Max-Age': String(KEPT_SECONDS),
    });
    res.status(204).end();
  };
}
