import type { Selectivity } from './match.ts';

/**
 * pending: asked, not yet confirmed · confirmed: gets mail · unsubscribed: left (may come back by confirming again).
 */
export type SubscriberStatus = 'pending' | 'confirmed' | 'unsubscribed';

export type Cadence = 'daily' | 'weekdays' | 'weekly';

export const CADENCES = ['daily', 'weekdays', 'weekly'] as const satisfies readonly Cadence[];

/** When and how much somebody wants to read. */
export interface Schedule {
  cadence: Cadence;
  /** ISO 8601 weekday of the weekly newsletter, 1 = Monday. */
  weekday: number;
  /** Local hour, 0–23. */
  hour: number;
  /** IANA time zone. */
  timeZone: string;
}

/** Everything a reader may set. */
export interface Preferences extends Schedule {
  maxPapers: number;
  /** Which line a paper must reach. */
  selectivity: Selectivity;
  /** Whether papers somewhat below the line are wanted too, one line each. */
  perhaps: boolean;
  /** BCP 47 language of mails and pages. */
  language: string;
}

/** Most papers a reader may ask for in one newsletter. */
export const MAX_PAPERS_LIMIT = 50;

export const DEFAULT_SELECTIVITY: Selectivity = 'normal';

export const DEFAULT_SCHEDULE: Schedule = { cadence: 'daily', weekday: 1, hour: 8, timeZone: 'UTC' };

/** A person at an address, as the domain handles them. */
export interface Subscriber extends Preferences {
  id: number;
  publicId: string;
  email: string;
  addressHash: Uint8Array;
  status: SubscriberStatus;
  pausedUntil: Date | null;
  nextDueAt: Date | null;
  lastSlotOn: string | null;
  lastNewsletterAt: Date | null;
  generation: number;
  confirmations: number;
  source: string;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  unsubscribeNote: string | null;
}
