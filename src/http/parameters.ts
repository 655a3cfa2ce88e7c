import type { Request } from 'express';
import { mendedToken } from '../links/mended.ts';

/** Replaces what no database can hold as text: NUL, and halves of characters. */
export function storable(text: string): string {
  return text.replaceAll('\0', '\ufffd').replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Returns a parameter of the address, trimmed and cut; '' where there is none or several. */
export function parameter(req: Request, name: string, max = 200): string {
  const value = req.query[name];
  return typeof value === 'string' ? storable(value.trim().slice(0, max)) : '';
}

/** Returns a part of the path, such as `:id`; '' where the route has none of that name. */
export function pathPart(req: Request, name: string): string {
  const value = req.params[name];
  return typeof value === 'string' ? storable(value) : '';
}

/** Returns the token of the path, mended. */
export function tokenOf(req: Request): string {
  return mendedToken(pathPart(req, 'token'));
}

/**
 * Returns what stands behind the path of an address, from its `?` on; '' where there is nothing. A path may be of any
 * form, `//` for instance, which no URL is.
 */
export function searchOf(req: Request): string {
  const at = req.originalUrl.indexOf('?');
  return at < 0 ? '' : req.originalUrl.slice(at);
}

/** Returns the address of the page that was asked for, mended: where its forms go. */
export function pageUrl(req: Request): string {
  return req.baseUrl + req.url;
}

/** Reads a row's number; undefined where it is none that a table can hold (32 bits). */
export function idOf(text: string): number | undefined {
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : undefined;
}
