import { z } from 'zod';
import type { FeedbackKind, ReportedRecipient } from '../event.ts';
import type { ToldEvent } from '../received.ts';
import { judgeRecipient } from '../refusal-words.ts';

/** The name under which each mail carries whose it is, and under which providers hand it back. */
export const TOKEN_NAME = 'offprint';

/** An address as providers write it. */
export const address = z
  .string()
  .max(320)
  .transform((text) => text.trim().toLowerCase());
/** Words that may be missing. */
export const words = z.string().max(4_000).nullish();
/** A name or number that may be missing, as text. */
export const label = z
  .union([z.string().max(320), z.number()])
  .nullish()
  .transform((value) => (value === null || value === undefined ? null : String(value)));
/** Whose mail it was: an event is not refused for another's odd value. */
export const token = z.string().max(320).nullish().catch(null);

/** What a provider says of a refusal by itself: nobody lives there · only for now, or of no address · no more. */
export type Verdict = 'nobody' | 'soft' | 'open';

const TYPED = /^[\w-]{1,20};\s{0,4}/;
const ENHANCED = /^[245]\.\d{1,3}\.\d{1,3}$/;

/**
 * Judges a refusal by the words that the provider heard; where no rule knows them, by its own verdict. What it calls
 * soft is never hard.
 */
export function refused(
  whom: string,
  heard: { words: string | null | undefined; status?: string | null | undefined; verdict: Verdict },
): ReportedRecipient {
  const status = ENHANCED.test(heard.status ?? '') ? (heard.status ?? null) : null;
  const judged = judgeRecipient(whom, { words: [(heard.words ?? '').replace(TYPED, '')], status });
  if (heard.verdict === 'soft') return { ...judged, kind: 'soft' };
  if (heard.verdict === 'nobody' && judged.rule === null) return { ...judged, kind: 'hard', about: 'address' };
  return judged;
}

/** What is told of a recipient besides refusals. */
export function told(whom: string, kind: FeedbackKind, line: string | null = null): ReportedRecipient {
  return { address: whom, kind, status: null, reply: null, about: null, rule: null, line: line?.slice(0, 500) ?? null };
}

/** Makes the event of one mail to one recipient. */
export function eventOf(
  recipient: ReportedRecipient,
  { because, id, token: given, messageId }: Record<'because', string> & Partial<Origin>,
): ToldEvent {
  return {
    kind: recipient.kind,
    recipients: [recipient],
    because,
    id: id ?? null,
    token: given || null,
    messageId: messageId?.trim().replace(/^<|>$/g, '') || null,
  };
}

/** What names the event and its mail. */
type Origin = Record<'id' | 'token' | 'messageId', string | null | undefined>;

/** Parses JSON; null where it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
