import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import type { AdminSession } from '../db/operator/admin-sessions.ts';
import { cookieIn, setCookie } from '../http/cookies.ts';
import { ASK, unseal } from './sealed.ts';

/** Holds where to go on after signing in. */
const COOKIE = 'offprint_go_on';
/** As long as a sign-in link works. */
const MINUTES = 15;
const FIRST_PAGE = '/admin';
/** A page of ours below /admin, by its path alone: no other host, no other scheme, nothing a header minds. */
const OURS = /^\/admin(?:[/?][\w\-.~:/?@!$&'()*+,;=%]{0,800})?$/;

/** Asks for a fresh sign-in, and remembers the page to go on with: the form's own, or the one that was asked for. */
export function goToSignInAgain(ctx: Context, req: Request, res: Response, session: AdminSession): void {
  rememberPage(ctx, req, res, session);
  res.redirect(303, '/admin/sign-in-again');
}

/** Remembers the page to go on with after signing in. */
export function rememberPage(ctx: Context, req: Request, res: Response, session: AdminSession | null = null): void {
  const page = req.method === 'GET' ? req.originalUrl : pageOfForm(ctx, req, session);
  setCookie(ctx, res, COOKIE, pageOfOurs(page), new Date(ctx.now().getTime() + MINUTES * 60_000));
}

/** Returns the page to go on with after signing in, and forgets it. */
export function pageToGoOn(ctx: Context, req: Request, res: Response): string {
  const kept = cookieIn(ctx, req, COOKIE);
  if (kept === '') return FIRST_PAGE;
  setCookie(ctx, res, COOKIE, '', new Date(0));
  return pageOfOurs(unescaped(kept));
}

/** Returns a path where it is that of one of our pages, else that of the first. */
export function pageOfOurs(path: string): string {
  return OURS.test(path) ? path : FIRST_PAGE;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return ''; // a cookie of somebody else's making
  }
}

/**
 * Our pages tell our site where a form stands (Referrer-Policy). A question ends with its session, and its address may
 * be one that only answers forms: the way leads to where the question itself leads back.
 */
function pageOfForm(ctx: Context, req: Request, session: AdminSession | null): string {
  const referrer = req.get('referer') ?? '';
  const own = new URL(ctx.config.PUBLIC_URL).origin;
  if (!URL.canParse(referrer) || new URL(referrer).origin !== own) return '';
  const page = new URL(referrer);
  const asked = session && unseal(ctx, session, page.searchParams.get(ASK) ?? '');
  if (asked) return (asked as { back: string }).back;
  page.searchParams.delete(ASK);
  return page.pathname + page.search;
}
