import type { Request, Response } from 'express';
import type { Page } from '../lib/cursor.ts';
import { cursorIn, pagerOf, type Pager } from '../http/pager.ts';
import { parameter } from '../http/parameters.ts';
import { visitOf } from '../http/visit.ts';

/** Longest message that a page shows again, in characters. */
const LONGEST_MESSAGE = 500;

/** Goes back to a page of the admin's after a form, with a message on it. */
export function backTo(res: Response, path: string, message: string): void {
  const separator = path.includes('?') ? '&' : '?';
  res.redirect(303, `${path}${separator}message=${encodeURIComponent(message)}`);
}

/** Returns the message that the form before a page left for it; '' for none. */
export function messageIn(req: Request): string {
  return parameter(req, 'message', LONGEST_MESSAGE);
}

/**
 * Builds the pager of a list on an admin page; `name` is the parameter of its cursor, and the list's id,
 * where a page has several lists.
 */
export function adminPager(
  req: Request,
  page: Pick<Page<unknown>, 'next'>,
  filters: Record<string, string> = {},
  name = 'cursor',
): Pager {
  const isNamed = name !== 'cursor';
  const list = { path: `${req.baseUrl}${req.path}`, cursor: cursorIn(req, name), filters };
  const { words: say } = visitOf(req);
  const label = isNamed ? say('admin.list.pagesOf', { name }) : say('admin.list.pages');
  const words = { label, back: say('admin.list.start'), on: say('admin.list.on') };
  return pagerOf(page, { ...list, name, anchor: isNamed ? name : '' }, words);
}
