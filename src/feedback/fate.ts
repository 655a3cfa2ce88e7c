import type { FeedbackKind, RefusalTopic } from '../model/feedback.ts';

/** What decides what becomes of an address, from nothing to the most. */
const FATES = ['none', 'mailbox', 'address', 'unsubscribe', 'complaint'] as const;

/** One of them. */
export type Fate = (typeof FATES)[number];

/** Says what an event may do to its address, as the policy weighs it (`standing/policy.ts`). */
export function fateOf({ kind, about }: { kind: FeedbackKind; about: RefusalTopic | null }): Fate {
  if (kind === 'complaint' || kind === 'unsubscribe') return kind;
  if (kind === 'hard' && (about === null || about === 'address')) return 'address';
  return (kind === 'hard' || kind === 'soft') && about === 'mailbox' ? 'mailbox' : 'none';
}

/** Tells whether a fate is harder on the reader than another. */
export function isHeavier(one: Fate, than: Fate): boolean {
  return FATES.indexOf(one) > FATES.indexOf(than);
}
