import type { Request, Response } from 'express';
import type { Context } from '../context.ts';

/**
 * Sets a cookie of the admin's pages: for this site alone, out of reach of scripts. `fromElsewhere` lets it come along
 * when another site leads back to ours, as an identity provider does.
 */
export function setCookie(
  ctx: Context,
  res: Response,
  name: string,
  value: string,
  expires: Date,
  { fromElsewhere = false } = {},
): void {
  const sameSite = fromElsewhere ? ('lax' as const) : ('strict' as const);
  const secure = isOverTls(ctx);
  res.cookie(nameOf(ctx, name), value, { httpOnly: true, sameSite, secure, path: '/', expires });
}

/** Reads a cookie as it was sent; '' where there is none. */
export function cookieIn(ctx: Context, req: Request, name: string): string {
  for (const pair of (req.get('cookie') ?? '').split(';')) {
    const [key, value = ''] = pair.trim().split('=', 2);
    if (key === nameOf(ctx, name)) return value;
  }
  return '';
}

/** Under https the name says __Host-: no other host and no page over http can have set it (RFC 6265bis 4.1.3.2). */
function nameOf(ctx: Context, name: string): string {
  return isOverTls(ctx) ? `__Host-${name}` : name;
}

function isOverTls(ctx: Context): boolean {
  return ctx.config.PUBLIC_URL.startsWith('https:');
}
