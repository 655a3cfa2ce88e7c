import type { ToldEvent } from '../../received.ts';

/** A request to a webhook: its headers, and its body as it came. */
export interface WebhookRequest {
  header: (name: string) => string | undefined;
  body: Buffer;
}

/** What is wrong with a request, and with which status it is told. */
export interface Refusal {
  refused: { status: 400 | 401 | 403 | 422 | 502; why: string };
}

/** What a provider tells; none where it only greets us. */
export interface Told {
  told: readonly ToldEvent[];
}

/** Checks who sent a request, then reads what it says. */
export type Webhook = (request: WebhookRequest, now: Date) => Verdict | Promise<Verdict>;

/** What became of looking at a request. */
export type Verdict = Told | Refusal;

/** Longest body that is read, in bytes. */
export const MOST_WEBHOOK_BYTES = 1024 * 1024;

/** How far a provider's clock may be from ours, and how old a request may be (Standard Webhooks, 1.0). */
const TOLERANCE_MS = 5 * 60_000;

/** Refuses a request. */
export function refuse(status: Refusal['refused']['status'], why: string): Refusal {
  return { refused: { status, why } };
}

/** Says what is wrong with a request's time stamp; null where it is of now. */
export function staleness(at: Date, now: Date): Refusal | null {
  const ageMs = now.getTime() - at.getTime();
  if (Number.isNaN(ageMs)) return refuse(400, 'its time stamp is none');
  if (ageMs > TOLERANCE_MS) return refuse(401, 'its time stamp is more than 5 minutes old');
  return ageMs < -TOLERANCE_MS ? refuse(401, 'its time stamp is more than 5 minutes ahead') : null;
}

/** Reads a time stamp in whole seconds since 1970. */
export function ofSeconds(text: string): Date {
  return new Date(/^\d{1,11}$/.test(text) ? Number(text) * 1_000 : NaN);
}

/** Passes on what was read; a body that holds nothing of the kind is refused. */
export function read(told: readonly ToldEvent[] | null, expected: string): Verdict {
  return told === null ? refuse(422, `it holds nothing that is known here; expected ${expected}`) : { told };
}
