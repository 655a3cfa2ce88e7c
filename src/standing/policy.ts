import type { Effect, FeedbackKind, RefusalTopic, Standing } from '../model/feedback.ts';
import type { SuppressionReason } from '../model/suppression.ts';

/**
 * An address in doubt gets its next newsletter no sooner than so long after, and one that nothing was heard of for so
 * long has arrived. (In December 2020 a large provider refused valid addresses as unknown for hours, on two days.)
 */
export const REST_MS = 72 * 3_600_000;
/** A mailbox that refused on so many days is given up: half a point a day, five points. */
export const MOST_HALF_POINTS = 10;
/** So many quiet editions of the reader's own cadence forget what a mailbox refused. */
const QUIET_EDITIONS = 4;

const DAY_MS = 86_400_000;

/** How an address stands that nothing was refused for. */
export const IN_GOOD_STANDING: Standing = { doubtedAt: null, restUntil: null, halfPoints: 0, refusedAt: null };

/** What is known of an event and its address. */
export interface ToWeigh {
  kind: FeedbackKind;
  about: RefusalTopic | null;
  at: Date;
  /** When the mail it speaks of was sent, or refused in its session. */
  mailedAt: Date;
  /** A mail that counts for nothing: a test, or another to an operator. */
  isTest: boolean;
  /** A wish to leave that is its reader's for sure. */
  isSigned: boolean;
  /** One that nothing proves: its reader was sent a link. */
  isAsked: boolean;
  /** Only an address tells of which mail it speaks, and anybody can write one: it counts for little. */
  byAddressAlone: boolean;
  /** The same mail was refused for good, or complained of, by another event. */
  outranked: boolean;
  /** The address took another mail lately. */
  proven: boolean;
  /** Its destination refuses whom it knows, just now. */
  outage: boolean;
  suppressed: SuppressionReason | null;
  /** When the newest newsletter was sent that nothing was heard of for REST_MS. */
  quietSince: Date | null;
  /** How long lies between two newsletters of its reader. */
  cadenceMs: number;
}

/** What follows from an event. */
export interface Verdict {
  standing: Standing;
  effect: Effect;
  /** Why nothing more goes there; null where mail goes on. */
  suppress: { reason: 'hard' | 'complaint'; note: string } | null;
}

/**
 * Decides what an event makes of an address. Only what is refused for the address itself can suppress at once, and only
 * one that never took a mail; what took one lately is in doubt, and given up if it refuses again after a rest. A
 * mailbox that is full or closed loses half a point a day. What speaks of us, of the mail, of the way or of a policy
 * says nothing of anybody. What an address alone places is half a point at most, and never the last one.
 */
export function weigh(before: Standing, event: ToWeigh): Verdict {
  const standing = rested(before, event);
  const unchanged = (effect: Effect): Verdict => ({ standing: before, effect, suppress: null });
  if (event.isTest) return unchanged('only-a-test');
  if (event.byAddressAlone && event.kind !== 'soft') return unchanged('filed');
  if (event.kind === 'complaint')
    return { standing, effect: 'left', suppress: { reason: 'complaint', note: 'reported as spam' } };
  if (event.kind === 'unsubscribe') return unchanged(event.isSigned ? 'left' : event.isAsked ? 'asked' : 'filed');
  const topic = topicOf(event);
  if (topic === null) return unchanged('filed');
  if (event.suppressed !== null && event.suppressed !== 'erased') return unchanged('already');
  if (event.outranked) return unchanged('outranked');
  if (topic === 'other') return unchanged('not-theirs');
  return topic === 'address' ? ofAddress(standing, event) : ofMailbox(standing, event);
}

function topicOf({ kind, about }: ToWeigh): 'address' | 'mailbox' | 'other' | null {
  if (kind === 'hard')
    return about === null || about === 'address' ? 'address' : about === 'mailbox' ? 'mailbox' : 'other';
  if (kind === 'soft') return about === 'mailbox' ? 'mailbox' : 'other';
  return null;
}

function ofAddress(standing: Standing, { at, mailedAt, proven, outage }: ToWeigh): Verdict {
  if (outage && proven) return { standing, effect: 'excused', suppress: null };
  const { doubtedAt, restUntil } = standing;
  if (doubtedAt !== null && restUntil !== null) {
    if (mailedAt < restUntil) return { standing, effect: 'in-doubt-already', suppress: null };
    const note = `refused as unknown on ${dayOf(doubtedAt)} and again on ${dayOf(at)}`;
    return { standing, effect: 'suppressed', suppress: { reason: 'hard', note } };
  }
  if (!proven) {
    const note = `refused as unknown on ${dayOf(at)}, before it took any mail`;
    return { standing, effect: 'suppressed', suppress: { reason: 'hard', note } };
  }
  const inDoubt = { ...standing, doubtedAt: at, restUntil: new Date(at.getTime() + REST_MS) };
  return { standing: inDoubt, effect: 'in-doubt', suppress: null };
}

function ofMailbox(standing: Standing, { at, byAddressAlone }: ToWeigh): Verdict {
  const { refusedAt, halfPoints } = standing;
  if (refusedAt !== null && dayOf(refusedAt) >= dayOf(at)) return { standing, effect: 'same-day', suppress: null };
  const next = { ...standing, halfPoints: halfPoints + 1, refusedAt: at };
  if (next.halfPoints < MOST_HALF_POINTS) return { standing: next, effect: 'half-point', suppress: null };
  if (byAddressAlone) return { standing, effect: 'filed', suppress: null };
  const note = `the mailbox refused mail on ${next.halfPoints} days, the last one ${dayOf(at)}`;
  return { standing: next, effect: 'suppressed', suppress: { reason: 'hard', note } };
}

/** What a newsletter that arrived, or a time without refusals, has made good since. */
export function rested(
  standing: Standing,
  { at, quietSince, cadenceMs }: Pick<ToWeigh, 'at' | 'quietSince' | 'cadenceMs'>,
): Standing {
  const { doubtedAt, restUntil, refusedAt } = standing;
  const arrivedAfter = (since: Date | null) => since !== null && quietSince !== null && quietSince > since;
  const isSure = doubtedAt !== null && restUntil !== null && quietSince !== null && quietSince >= restUntil;
  const isQuiet =
    refusedAt !== null && (arrivedAfter(refusedAt) || at.getTime() - refusedAt.getTime() >= QUIET_EDITIONS * cadenceMs);
  return {
    ...(isSure ? { doubtedAt: null, restUntil: null } : { doubtedAt, restUntil }),
    ...(isQuiet ? { halfPoints: 0, refusedAt: null } : { halfPoints: standing.halfPoints, refusedAt }),
  };
}

/** How long lies between two newsletters of a cadence; where nobody reads, a day. */
export function cadenceMs(cadence: 'daily' | 'weekdays' | 'weekly' | null): number {
  if (cadence === 'weekly') return 7 * DAY_MS;
  return cadence === 'weekdays' ? (7 / 5) * DAY_MS : DAY_MS;
}

function dayOf(at: Date): string {
  return at.toISOString().slice(0, 10);
}
