import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../context.ts';
import { sessionOf, setSessionCookie } from '../http/session.ts';
import { visitOf } from '../http/visit.ts';
import { signInLockedFor } from '../operate/lock-out.ts';
import { noteRefusal } from '../operate/note-refused-sign-in.ts';
import type { OpenedFrom, OpenedSession } from '../operate/open-session.ts';
import type { Admin } from './admin.ts';
import { pageToGoOn } from './again.ts';
import { browserName, networkName } from './visitor.ts';

/** Says from where somebody signs in, and which session of this browser ends by it. */
export async function openedFrom(ctx: Context, req: Request): Promise<OpenedFrom> {
  const { ip, userAgent, language } = visitOf(req).visitor;
  const replaces = (await sessionOf(ctx, req))?.id;
  const from = { network: networkName(ip), browser: browserName(userAgent), language };
  return replaces === undefined ? from : { ...from, replaces };
}

/** Hands over the session, and returns the page to go on with. */
export function handOver(ctx: Context, req: Request, res: Response, session: OpenedSession): string {
  setSessionCookie(ctx, res, session.token, session.expiresAt);
  return pageToGoOn(ctx, req, res);
}

/** Shows the ways to sign in, with what is to be said of the last try. */
export function showWays({ ctx, show }: Admin, req: Request, res: Response, problem = '', status = 200): void {
  const { words } = visitOf(req);
  const view = { problem, provider: providerOf(ctx), lead: words('admin.identity.lead'), email: '' };
  show(req, res, { template: 'sign-in-ways', title: words('admin.identity.title'), status, view });
}

/** Names the identity provider by its host; '' where there is none. */
export function providerOf({ config: { OIDC_ISSUER } }: Context): string {
  return OIDC_ISSUER ? new URL(OIDC_ISSUER).host : '';
}

/** Notes a try that failed, and says so on the page with the ways to sign in. */
export async function refuseSignIn(
  admin: Admin,
  req: Request,
  res: Response,
  refused: { reason: string; email?: string | undefined; problem: string },
): Promise<void> {
  const { ip } = visitOf(req).visitor;
  await noteRefusal(admin.ctx, { ...refused, ip, network: networkName(ip) }, 'visitor');
  showWays(admin, req, res, refused.problem, 403);
}

/** Lets nobody try whose network is locked out, and says when they may again. */
export function whileNotLocked(admin: Admin): RequestHandler {
  return async (req, res, next) => {
    const seconds = await signInLockedFor(admin.ctx, { ip: visitOf(req).visitor.ip });
    if (seconds === 0) return next();
    showLocked(admin, req, res, seconds);
  };
}

/** Says for how long nothing can be tried. */
export function showLocked({ show }: Admin, req: Request, res: Response, seconds: number): void {
  const { words } = visitOf(req);
  res.set('Retry-After', String(seconds));
  const view = { says: words('admin.identity.locked.text', { minutes: Math.ceil(seconds / 60) }) };
  show(req, res, { template: 'sign-in-told', title: words('admin.identity.locked.title'), status: 429, view });
}

/**
 * Takes forms of our own pages alone, also where no session guards them yet: else another site could sign somebody in
 * as whom it likes. Browsers say where a form stands (Fetch Metadata, or Origin); a program that says nothing has no
 * session of somebody else's to misuse.
 */
export function fromOurPages(ctx: Context): RequestHandler {
  const own = new URL(ctx.config.PUBLIC_URL).host;
  return (req, res, next) => {
    const site = req.get('sec-fetch-site');
    const origin = req.get('origin');
    const asks = req.method === 'GET' || req.method === 'HEAD';
    const fromHere = site === undefined ? isOneOf(origin, [own, req.get('host') ?? '']) : site === 'same-origin';
    if (asks || fromHere) return next();
    res.status(403).type('text').send(visitOf(req).words('admin.identity.elsewhere'));
  };
}

function isOneOf(origin: string | undefined, hosts: readonly string[]): boolean {
  return origin === undefined || (URL.canParse(origin) && hosts.includes(new URL(origin).host));
}
