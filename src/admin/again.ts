import type { Request, Response } from 'express';
import type { Context } from '../context.ts';
import { ASK } from './sealed.ts';
import { cookieIn, setCookie } from '../http/cookies.ts';

/** Holds where to go on after signing in. */
const COOKIE = 'offprint_go_on';
/** As long as a sign-in link works. */
const MINUTES = 15;
const FIRST_PAGE = '/admin';
/** A page of ours below /admin, by its path alone: no other host, no other scheme, nothing a header minds. */
const OURS = /^\/admin(?:[/?][\w\-.~:/?@!$&'()*+,;=%]{0,800})?$/;

/** Asks for a fresh sign-in, and remembers the page to go on with: the form's own, or the one that was asked for. */
export function goToSignInAgain(ctx: Context, req: Request, res: Response): void {
  rememberPage(ctx, req, res);
  res.redirect(303, '/admin/sign-in-again');
}

/** Remembers the page to go on with after signing in. */
export function rememberPage(ctx: Context, req: Request, res: Response): void {
  const page = req.method === 'GET' ? req.originalUrl : pageOfForm(ctx, req);
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

/** Our pages tell our site where a form stands (Referrer-Policy). */
function pageOfForm(ctx: Context, req: Request): string {
  const referrer = req.get('referer') ?? '';
  const own = new URL(ctx.config.PUBLIC_URL).origin;
  if (!URL.canParse(referrer) || new URL(referrer).origin !== own) return '';
  const page = new URL(referrer);
  page.searchParams.delete(ASK); // a question ends with its session
  return page.pathname + page.search;
}
