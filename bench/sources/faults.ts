import { addDays } from '../../src/lib/time.ts';
import type { ParsedDigest } from '../../src/model/digest.ts';

/** What a fault is made from: the whole digest, and those that came before it, oldest first. */
export interface FaultCase {
  digest: ParsedDigest;
  before: readonly ParsedDigest[];
  random: () => number;
}

/** The papers of six days are over five times what is usual. */
const FLOOD_DAYS = 6;
const YEAR_DAYS = 365;

/** What may be wrong with a list, by name: each makes a whole digest into a broken one of the same day. */
export const FAULTS: Record<string, (given: FaultCase) => ParsedDigest> = {
  repeated: ({ digest, before }) => ({ ...digest, entries: before.at(-1)?.entries ?? [] }),
  empty: ({ digest }) => ({ ...digest, entries: [] }),
  future: ({ digest, random }) => ({ ...digest, digestOn: addDays(digest.digestOn, 3 + Math.floor(random() * 400)) }),
  old: ({ digest, random }) => {
    const days = YEAR_DAYS + Math.floor(random() * 5 * YEAR_DAYS);
    const aged = (publishedOn: string | null) => publishedOn && addDays(publishedOn, -days);
    return { ...digest, entries: digest.entries.map((entry) => ({ ...entry, publishedOn: aged(entry.publishedOn) })) };
  },
  doubled: ({ digest }) => ({ ...digest, entries: [...digest.entries, ...digest.entries] }),
  flooded: ({ digest, before }) => {
    const usual = before.reduce((sum, { entries }) => sum + entries.length, 0) / Math.max(1, before.length);
    const entries = Array.from({ length: Math.ceil(usual * FLOOD_DAYS) }, (_, nth) => {
      const entry = digest.entries[nth % digest.entries.length]!;
      return { ...entry, title: `${entry.title} (${nth})` };
    });
    return { ...digest, entries };
  },
  untitled: ({ digest, random }) => {
    const share = 0.4 + random() * 0.6;
    const isBare = (nth: number) => nth < Math.ceil(digest.entries.length * share);
    return { ...digest, entries: digest.entries.map((entry, nth) => (isBare(nth) ? { ...entry, title: '' } : entry)) };
  },
  'cut to a third': ({ digest }) => cutTo(digest, 3),
  'cut to a tenth': ({ digest }) => cutTo(digest, 10),
};

/** The faults of which at least 99 in 100 must be caught; a cut may be a low day. */
export const MUST_CATCH = Object.keys(FAULTS).filter((name) => !name.startsWith('cut'));

function cutTo(digest: ParsedDigest, part: number): ParsedDigest {
  return { ...digest, entries: digest.entries.slice(0, Math.ceil(digest.entries.length / part)) };
}
