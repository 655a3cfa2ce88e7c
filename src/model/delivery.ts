import type { MailKind } from './mail-kind.ts';

/** The life of a mail. `sent` means the SMTP server said 250, never «delivered». */
export type DeliveryState =
  | 'planned'
  | 'sending'
  | 'retrying'
  | 'sent'
  | 'bounced'
  | 'failed'
  | 'uncertain'
  | 'cancelled';

export const DELIVERY_STATES = [
  'planned',
  'sending',
  'retrying',
  'sent',
  'bounced',
  'failed',
  'uncertain',
  'cancelled',
] as const satisfies readonly DeliveryState[];

/**
 * Every legal move; the states without one are final. `uncertain`, `failed` and `bounced ▸ retrying` only by an
 * operator's resend; `uncertain` becomes what the answer says where it arrives after all, and `retrying` becomes `sent`
 * where a late 250 is heard of. `bounced ▸ retrying` and `cancelled ▸ retrying` where a destination refused too many of
 * its readers to be believed; `planned ▸ retrying` where what waits for such a destination is set aside before its
 * first try. `cancelled ▸ planned`, or `▸ retrying` after a try, where the act that cancelled it is taken back.
 */
export const LEGAL_MOVES: Record<DeliveryState, readonly DeliveryState[]> = {
  planned: ['sending', 'retrying', 'cancelled', 'failed'],
  sending: ['sent', 'retrying', 'bounced', 'failed', 'uncertain', 'cancelled'],
  retrying: ['sending', 'cancelled', 'failed', 'uncertain', 'sent'],
  sent: [],
  bounced: ['retrying'],
  failed: ['retrying'],
  uncertain: ['retrying', 'sent', 'bounced', 'failed'],
  cancelled: ['retrying', 'planned'],
};

/**
 * Why a delivery ended other than by being sent. What went on the wire: `late`, `used_up` (its last try is over),
 * `refused`, `not_composed`, and in doubt `lost` and `worker_died`; all others were decided here. `uncertain` with one
 * of those may have arrived by an earlier try.
 */
export const END_REASONS = [
  'late',
  'used_up',
  'refused',
  'not_composed',
  'lost',
  'worker_died',
  'edition_cancelled',
  'replaced',
  'unsubscribed',
  'paused',
  'suppressed',
  'declined',
  'erased',
  'not_confirmed',
  'address_changed',
  'address_unknown',
  'newsletter_gone',
  'request_gone',
  'taken_back',
  'already_answered',
  'already_confirmed',
  'expired',
  'kind_unknown',
] as const;

export type EndReason = (typeof END_REASONS)[number];

/** Tells whether a delivery in this state moves no further by itself. */
export function isFinal(state: DeliveryState): boolean {
  return state !== 'planned' && state !== 'sending' && state !== 'retrying';
}

/**
 * How long a mail is tried that is no newsletter, and a newsletter that somebody sends again: as long as a
 * confirmation's link works.
 */
export const NOTICE_HOURS = 48;

/** States of what waits to be sent. */
export const WAITING_STATES: readonly DeliveryState[] = ['planned', 'retrying'];

/** States in which a newsletter's papers count as shown; in the others they return. */
export const STATES_THAT_SHOW: readonly DeliveryState[] = ['planned', 'sending', 'retrying', 'sent', 'uncertain'];

/** A delivery that one worker holds for one attempt. */
export interface ClaimedDelivery {
  id: bigint;
  publicId: string;
  kind: MailKind;
  /** Unique for its reader and kind: the edition's key, or what it answers. */
  key: string;
  email: string;
  language: string;
  keyId: number;
  generation: number;
  /** Of a notice, what `readNotice` reads. */
  payload: unknown;
  createdAt: Date;
  /** Instant of its Date header: that of the first try whose body went over, else of this claim (RFC 5322 3.6.1). */
  datedAt: Date;
  /** Fencing number of this claim; rises with each claim, never falls. */
  attempt: number;
  /**
   * Tries that reached a server (or failed by our own fault) before this claim; those before a resend count no more.
   */
  tries: number;
  /** An earlier try may have arrived. */
  doubted: boolean;
  /** It was announced to a server before, whether that counted as a try or not. */
  tried: boolean;
  /** When it is too late for it; null: never. */
  lateAt: Date | null;
  subscriberPublicId: string | null;
  /** Of the question it asks or tells of. */
  requestPublicId: string | null;
}
