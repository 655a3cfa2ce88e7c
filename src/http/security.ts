import helmet from 'helmet';
import type { RequestHandler, Response } from 'express';
import type { Config } from '../config.ts';

/** Sets the headers of every answer: nothing from elsewhere, nothing inline, no framing by others, no referrer. */
export function securityHeaders(config: Config): RequestHandler {
  const overTls = config.PUBLIC_URL.startsWith('https:');
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        frameSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(overTls ? { upgradeInsecureRequests: [] } : {}),
      },
    },
    referrerPolicy: { policy: 'no-referrer' },
    strictTransportSecurity: overTls,
    xFrameOptions: false, // frame-ancestors says it, and lets the mails below be framed by our own pages
    crossOriginOpenerPolicy: overTls,
  });
}

/**
 * Marks answers that are private: never stored, never listed. Where the address itself holds a token, it is told to
 * nobody (`no-referrer`); forms behind a session tell their own site where they come from.
 */
export function privatePages(referrer: 'no-referrer' | 'same-origin'): RequestHandler {
  return (_req, res, next) => {
    res.set({ 'Cache-Control': 'no-store', 'X-Robots-Tag': 'noindex, nofollow', 'Referrer-Policy': referrer });
    next();
  };
}

/**
 * Sends a mail's HTML as a page of its own. Mails carry their styles inline, so this page alone may; in exchange it may
 * do nothing else: no script, no form, no request.
 */
export function sendMailHtml(res: Response, html: string, options: { framed: boolean }): void {
  const ancestors = options.framed ? "'self'" : "'none'";
  res.set(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-ancestors ${ancestors}; base-uri 'self'; form-action 'none'; ` +
      'sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation',
  );
  res.type('html').send(withMain(html));
}

/**
 * A mail is a fragment; as a page it gets the landmark that screen readers look for, named as the body is, whose dark
 * colours reach one level down.
 */
function withMain(html: string): string {
  return html.replace(/<body[^<>]*>/i, (tag) => `${tag}<main class="desk">`).replace(/<\/body>/i, '</main></body>');
}
