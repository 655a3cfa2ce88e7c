import type { AddressFact, ReaderFact } from '../model/fact.ts';
import type { SuppressionReason } from '../model/suppression.ts';

/** What was said last of readers and addresses, over all processes. */
export interface LastWords {
  readers: Map<string, { what: 'left' | 'returned' | 'erased'; at: Date }>;
  /** The hash of the address that a reader moved to. */
  moved: Map<string, { hash: string; at: Date }>;
  /** Null: it was lifted. */
  addresses: Map<string, { reason: SuppressionReason | null; at: Date }>;
}

/** Begins with nothing said. */
export function newLastWords(): LastWords {
  return { readers: new Map(), moved: new Map(), addresses: new Map() };
}

/**
 * Heeds one more fact. Processes' clocks order what they say; at the same instant, and whatever is said of somebody who
 * was erased, what sends less wins.
 */
export function heed(words: LastWords, { at, fact }: { at: Date; fact: ReaderFact | AddressFact }): void {
  switch (fact.what) {
    case 'left':
    case 'returned':
    case 'erased': {
      const before = words.readers.get(fact.reader);
      const stays = before && (before.what === 'erased' || isNewer(before.at, at, fact.what === 'returned'));
      if (!stays || fact.what === 'erased') words.readers.set(fact.reader, { what: fact.what, at });
      return;
    }
    case 'moved': {
      const before = words.moved.get(fact.reader);
      if (!before || before.at <= at) words.moved.set(fact.reader, { hash: fact.hash, at });
      return;
    }
    case 'suppressed':
    case 'lifted': {
      const before = words.addresses.get(fact.hash);
      if (before && isNewer(before.at, at, fact.what === 'lifted')) return;
      words.addresses.set(fact.hash, { reason: fact.what === 'lifted' ? null : fact.reason, at });
    }
  }
}

/** Does the earlier word stand? `sendsMore`: the later one would let more mail go. */
function isNewer(before: Date, at: Date, sendsMore: boolean): boolean {
  return sendsMore ? before >= at : before > at;
}
