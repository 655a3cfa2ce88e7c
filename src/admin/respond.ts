import type { Request, Response } from 'express';
import type { Page } from '../lib/cursor.ts';
import type { AdminRoom } from './room.ts';
import { sessionFrom } from '../http/session.ts';
import type { Actor } from '../model/actor.ts';

/** Shows a page to the signed-in admin, with the message that a form before it left. */
export function showRoom(
  { show }: AdminRoom,
  req: Request,
  res: Response,
  page: { template: string; title: string; room: string; view?: object; status?: number },
): void {
  const { email, csrfToken } = sessionFrom(res);
  show(res, { ...page, view: { message: textOf(req.query['message']), ...page.view }, email, csrf: csrfToken });
}

/** Goes back to a page of the admin's after a form, with a message on it. */
export function backTo(res: Response, path: string, message: string): void {
  const separator = path.includes('?') ? '&' : '?';
  res.redirect(303, `${path}${separator}message=${encodeURIComponent(message)}`);
}

/** Names the signed-in admin for the audit log. */
export function actorOf(res: Response): Actor {
  return `admin:${sessionFrom(res).email}`;
}

/** Returns a parameter or field as text; '' where it is missing or no text. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 500).replaceAll('\0', '') : '';
}

/** Returns a row's number from a query or path; undefined where it is none that a table can hold (32 bits). */
export function idOf(value: unknown): number | undefined {
  const text = textOf(value);
  return /^\d{1,10}$/.test(text) && Number(text) < 2 ** 31 ? Number(text) : undefined;
}

/** Returns a field of the form. */
export function fieldOf(req: Request, name: string): string {
  return textOf((req.body as Record<string, unknown> | undefined)?.[name]).trim();
}

/** Writes an instant for people: UTC, to the minute. */
export function atText(instant: Date | null): string {
  return instant ? `${instant.toISOString().slice(0, 16).replace('T', ' ')} UTC` : '–';
}

/** Builds the address of a list from its filters; empty ones are left out. */
export function pageUrl(path: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();
  return query === '' ? path : `${path}?${query}`;
}

/** Returns where a list is to go on, as the page before it said; '' at its start. */
export function cursorIn(req: Request, name = 'cursor'): string {
  return textOf(req.query[name]);
}

/** Builds the links of a list's pager, '' where there is none: to its start from further on, and to what comes next. */
export function pagerOf(
  req: Request,
  { next }: Page<unknown>,
  filters: Record<string, string> = {},
  name = 'cursor',
): { start: string; next: string; any: boolean; label: string } {
  const path = `${req.baseUrl}${req.path}`;
  const links = {
    start: cursorIn(req, name) === '' ? '' : pageUrl(path, filters),
    next: next === null ? '' : pageUrl(path, { ...filters, [name]: next }),
  };
  return { ...links, any: links.start + links.next !== '', label: name === 'cursor' ? 'Pages' : `Pages of ${name}` };
}
