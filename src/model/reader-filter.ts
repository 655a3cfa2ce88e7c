import { canonicalAddress } from './address.ts';
import type { Cadence, SubscriberStatus } from './subscriber.ts';

/** By what the list of readers is narrowed first. */
export const READER_STATES = ['confirmed', 'pending', 'paused', 'unsubscribed', 'suppressed'] as const;

export type ReaderState = SubscriberStatus | 'paused' | 'suppressed';

/** Which readers are meant; all that is said must hold. As JSON it is kept with the work done on them. */
export interface ReaderFilter {
  state?: ReaderState;
  /** Who wants one of these. */
  interestIds?: number[];
  /** Domain of their address, as it is kept. */
  domain?: string;
  cadence?: Cadence;
  language?: string;
  source?: string;
  /** ISO 8601: who got no newsletter since then. */
  unmailedSince?: string;
  /** How their address begins, as it is kept. */
  address?: string;
  /** Their whole address, as it is kept. */
  email?: string;
}

/** Writes what was typed as addresses are kept that begin so. */
export function addressBeginning(text: string): string {
  const address = canonicalAddress(text);
  return address.ok ? address.address : text.toLowerCase();
}
