import { isLoopback } from '../../lib/public-address.ts';

/** A host, or several that are one service, as it wants to be asked: one request at a time. */
export interface Host {
  name: string;
  /** Rest after each request. */
  restMs: number;
  /** Whether being told to stay away (Retry-After) concerns all addresses there. */
  oneService: boolean;
}

/** Services whose terms tell their pace, and count all their hosts as one. */
const SERVICES: readonly { name: string; restMs: number }[] = [
  { name: 'arxiv.org', restMs: 3_000 }, // https://info.arxiv.org/help/api/tou.html, RSS included
  { name: 'biorxiv.org', restMs: 1_000 },
];
const ALIASES: Readonly<Record<string, string>> = { 'medrxiv.org': 'biorxiv.org' }; // one API at two names
const REST_MS = 1_000;

/** Tells which host an address belongs to. A server on this machine needs no rest. */
export function hostOf(url: URL): Host {
  const hostname = url.hostname.replace(/\.$/, '');
  const domain = hostname.split('.').slice(-2).join('.');
  const service = SERVICES.find(({ name }) => name === (ALIASES[domain] ?? domain));
  if (service) return { ...service, oneService: true };
  return { name: url.host, restMs: isThisMachine(url) ? 0 : REST_MS, oneService: false };
}

/** Tells whether an address is, by its name, one of this machine. */
export function isThisMachine(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return host === 'localhost' || isLoopback(host);
}

/** A remote list changes a few times an hour. */
export const PERIOD_MS = 30 * 60_000;
/** The list of a day that is over changes rarely. */
const PAST_DAY_PERIOD_MS = 6 * 3_600_000;
/** Between two tries of what failed for the moment; doubles each time, up to the period. */
const FIRST_RETRY_MS = 60_000;
const DAY_MS = 86_400_000;

/** How long an address is left alone after it answered; `daysBack` where it holds the day it asks for. */
export function periodMs(url: URL, daysBack: number | null): number {
  if (isThisMachine(url)) return 0;
  return daysBack !== null && daysBack > 1 ? PAST_DAY_PERIOD_MS : PERIOD_MS;
}

/** How long an address is left alone that failed for the moment, so many times in a row. */
export function retryMs(url: URL, failures: number): number {
  if (isThisMachine(url)) return 0;
  return Math.min(PERIOD_MS, FIRST_RETRY_MS * 2 ** Math.min(failures - 1, 10));
}

/** Shortens a wait by up to a tenth, so that many who began together do not stay together; `by` from 0 to 1. */
export function sooner(ms: number, by = Math.random()): number {
  return Math.round(ms * (1 - by / 10));
}

/** Lengthens a wait by up to a tenth, a minute at most: nobody comes before they were told to. */
export function later(ms: number, by = Math.random()): number {
  return Math.round(ms + Math.min(ms / 10, 60_000) * by);
}

/**
 * Reads Retry-After (RFC 9110 10.2.3), seconds or a date, as milliseconds from now, a day at most; null where there is
 * none. A date is compared with the server's own clock, where it tells it.
 */
export function retryAfterMs(headers: Headers, now: Date): number | null {
  const text = headers.get('retry-after')?.trim() ?? '';
  if (text === '') return null;
  if (/^\d{1,12}$/.test(text)) return Math.min(Number(text) * 1_000, DAY_MS);
  if (!/^[a-z]{3,9},? /i.test(text)) return null;
  const there = Date.parse(headers.get('date') ?? '');
  const wait = Date.parse(text.endsWith(' GMT') ? text : `${text} GMT`) - (Number.isNaN(there) ? now.getTime() : there);
  return Number.isNaN(wait) ? null : Math.min(Math.max(wait, 0), DAY_MS);
}

/** Tells whether an address may be asked; a clock that was set back keeps nobody waiting for long. */
export function isDue(known: { askedAt: Date; dueAt: Date } | undefined, now: Date): boolean {
  if (!known) return true;
  return known.dueAt <= now || known.askedAt.getTime() - now.getTime() >= PERIOD_MS;
}

/** Tells whether a source asked us to stay away for now. */
export function staysAway(known: Iterable<{ retryAt: Date | null }>, now: Date): boolean {
  for (const { retryAt } of known) {
    const leftMs = (retryAt?.getTime() ?? 0) - now.getTime();
    if (leftMs > 0 && leftMs <= DAY_MS + 60_000) return true;
  }
  return false;
}
