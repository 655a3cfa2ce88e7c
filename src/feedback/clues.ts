import type { LinkKey } from '../links/tokens.ts';
import { readToken, readVerp } from '../links/verp.ts';
import { addressIn, fieldGroups } from './delivery-status.ts';
import { ownLines } from './own-words.ts';
import type { ReadMail } from './read-mail.ts';

/** What tells of whose mail something speaks, the surest first. */
export interface Clues {
  /** Public id of the delivery by what we signed: where it came to, or a header of ours that was handed back. */
  signed: string | null;
  /** Something bears the form of what we sign, and its signature is false: nothing else of it is believed. */
  isForged: boolean;
  /** Public ids of deliveries by Message-IDs in what is returned or answered. */
  mentioned: readonly string[];
}

const CAME_TO = ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to', 'to', 'cc'];
const RETURNED = /^(?:message\/(?:rfc822|global)|text\/rfc822-headers|message\/global-headers)$/;
/** Message-IDs of ours begin with the public id of their mail, without its dashes. */
const OWN_ID = /(?:^|<|\s)([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})@/gi;
const TOKEN = /\b[0-9a-f]{32}-[0-9a-f]{20}\b/i;
const OUR_HEADERS = ['x-ses-message-tags', 'x-smtpapi', 'x-mailgun-variables', 'x-pm-metadata-offprint', 'x-offprint'];
const LOOKS_SIGNED = /\bb\+[0-9a-f]{32}-[0-9a-f]{1,40}@/i;
const MOST_IDS = 20;

/** Gathers what a mail and its envelope tell. */
export function cluesIn(keys: readonly LinkKey[], recipients: readonly string[], mail: ReadMail | null): Clues {
  const head = mail?.headers ?? new Map<string, string>();
  const returned = (mail?.parts ?? []).filter(({ type }) => RETURNED.test(type)).map(({ text }) => headOf(text));
  const statuses = (mail?.parts ?? []).filter(({ type }) => type.endsWith('delivery-status'));
  const cameTo = [...recipients, ...CAME_TO.flatMap((name) => head.get(name) ?? [])];
  const sentFrom = returned.flatMap((fields) => [fields.get('return-path') ?? '', fields.get('sender') ?? '']);
  const places = [...cameTo, ...sentFrom];
  const signed = first(places, (place) => readVerp(keys, addressIn(place) ?? '')) ?? ownToken(keys, returned);
  const ids = [
    ...returned.map((fields) => fields.get('message-id') ?? ''),
    ...statuses.flatMap(({ text }) => fieldGroups(text).map((fields) => fields.get('original-envelope-id') ?? '')),
    ...[head.get('in-reply-to') ?? '', head.get('references') ?? ''],
  ];
  return {
    signed,
    isForged: signed === null && places.some((place) => LOOKS_SIGNED.test(place)),
    mentioned: publicIdsIn(ids.join(' ')),
  };
}

const LEAVE_TOKEN = /\bunsubscribe\.[\w-]{1,80}\.\d{1,9}\.[0-9a-f]{32}\b/i;

/**
 * Returns the token of the unsubscribe link that a letter bears in its subject or its first lines, as the mailto of a
 * newsletter writes it (RFC 2369 3.2); null where it bears none. What it quotes does not count.
 */
export function leaveTokenIn({ subject, text }: ReadMail): string | null {
  const first = ownLines(text).slice(0, 10).join('\n').slice(0, 2_000);
  return (LEAVE_TOKEN.exec(subject.slice(0, 1_000)) ?? LEAVE_TOKEN.exec(first))?.[0] ?? null;
}

/** Returns the public ids of deliveries in texts that hold Message-IDs. */
export function publicIdsIn(text: string): string[] {
  const found = [...text.slice(0, 8_000).matchAll(OWN_ID)].map((parts) => parts.slice(1, 6).join('-').toLowerCase());
  return [...new Set(found)].slice(0, MOST_IDS);
}

function ownToken(keys: readonly LinkKey[], returned: readonly ReadonlyMap<string, string>[]): string | null {
  const held = returned.flatMap((fields) => OUR_HEADERS.map((name) => TOKEN.exec(fields.get(name) ?? '')?.[0] ?? ''));
  return first(held, (token) => readToken(keys, token));
}

function headOf(text: string): ReadonlyMap<string, string> {
  return fieldGroups(text.slice(0, 16_000))[0] ?? new Map<string, string>();
}

function first<T>(all: readonly T[], find: (one: T) => string | null): string | null {
  for (const one of all) {
    const found = find(one);
    if (found !== null) return found;
  }
  return null;
}
