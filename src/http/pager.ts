import type { Request } from 'express';
import type { Page } from '../lib/cursor.ts';
import { parameter } from './parameters.ts';

/** Longest cursor that is read, in characters: some name an address. */
const LONGEST_CURSOR = 2_000;

/** What a pager says: of what it is, and where its two links lead. */
export interface PagerWords {
  label: string;
  back: string;
  on: string;
}

/** The links of a pager, '' where there is none: to the start of its list from further on, and to what comes next. */
export interface Pager extends PagerWords {
  start: string;
  next: string;
  any: boolean;
}

/** What a list has that comes whole. */
export const NO_PAGER: Pager = { start: '', next: '', any: false, label: '', back: '', on: '' };

/** Where a list is and from where on it is shown. */
export interface ListPlace {
  path: string;
  /** '' at its start. */
  cursor: string;
  /** What narrows it, and where other lists of the same page are. */
  filters?: Record<string, string>;
  /** The parameter that holds the cursor. */
  name?: string;
  /** The id of the list, by which its links lead back to it where other things stand above it. */
  anchor?: string;
}

/** Returns where a list is to go on, as the page before it said; '' at its start. */
export function cursorIn(req: Request, name = 'cursor'): string {
  return parameter(req, name, LONGEST_CURSOR);
}

/** Builds the pager under a page of a list. */
export function pagerOf(
  { next }: Pick<Page<unknown>, 'next'>,
  { path, cursor, filters = {}, name = 'cursor', anchor = '' }: ListPlace,
  words: PagerWords,
): Pager {
  const hash = anchor === '' ? '' : `#${anchor}`;
  const links = {
    start: cursor === '' ? '' : urlOf(path, filters) + hash,
    next: next === null ? '' : urlOf(path, { ...filters, [name]: next }) + hash,
  };
  return { ...links, any: links.start + links.next !== '', ...words };
}

/** Builds an address from its parameters; empty ones are left out. */
export function urlOf(path: string, parameters: Record<string, string>): string {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== '')).toString();
  return query === '' ? path : `${path}?${query}`;
}
