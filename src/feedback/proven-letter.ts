import type { Config } from '../config.ts';
import { leaveTokenIn } from './clues.ts';
import { leaveAddress } from './doors/own-addresses.ts';
import { understand } from './parse-report.ts';
import type { ReadMail } from './read-mail.ts';
import type { Received } from './received.ts';
import { signedFrom, type Asking } from './signed-from.ts';

/** What must be signed: by whom it is, to whom, what of, and when, so that no old letter can be sent again. */
const MUST_BE_SIGNED = ['from', 'to', 'subject', 'date'];
/** An older one may be anybody's to send again. */
const NEWEST_DAYS = 7;
const DAY_MS = 86_400_000;
/** A header stands within so much. */
const HEAD_BYTES = 64 * 1024;

/**
 * Returns when a letter was written that asks to leave, bears no token of ours, came to where one leaves, and is signed
 * by its author's domain; null of any other. It asks name servers, so nothing may wait for it.
 */
export async function provenSince(
  { config, now }: { config: Config; now: () => Date },
  received: Received,
  asking?: Asking,
): Promise<Date | null> {
  const { understood, bytes } = received;
  const { event, mail } = understood ?? (await understand(bytes));
  if (mail === null || event.kind !== 'unsubscribe' || leaveTokenIn(mail) !== null) return null;
  const writtenAt = dateOf(mail);
  const age = writtenAt === null ? Infinity : now().getTime() - writtenAt.getTime();
  if (!mail.to.includes(leaveAddress(config) ?? '') || Math.abs(age) > NEWEST_DAYS * DAY_MS) return null;
  const signed = await signedFrom(bytes, now(), asking);
  return MUST_BE_SIGNED.every((name) => signed.has(name)) ? writtenAt : null;
}

/** Tells at a glance whether it may be such a letter: most of what comes is none. */
export function mayBeProven(config: Config, { bytes, told }: Received): boolean {
  const address = leaveAddress(config);
  if (address === null || told) return false;
  const head = Buffer.from(bytes.subarray(0, HEAD_BYTES)).toString('latin1').toLowerCase();
  return head.includes('dkim-signature') && head.includes(address);
}

function dateOf({ headers }: ReadMail): Date | null {
  const date = new Date(headers.get('date') ?? '');
  return Number.isNaN(date.getTime()) ? null : date;
}
