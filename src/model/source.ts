import type { Said } from '../lib/errors.ts';

/** What is wrong with a source for longer than it should be. */
export type SourceTrouble = 'failing' | 'silent';

/** What is remembered of a source, over processes and restarts. */
export interface SourceRecord {
  lastSuccessAt: Date | null;
  /** When something of it last came to readers that was new. */
  lastNewAt: Date | null;
  failingSince: Date | null;
  /** What it last failed of, wholly or in part. */
  failure: string | null;
  /** The same by name and values; null where only its words are known. */
  said: Said | null;
  /** What the operator was told of it, until it is well again. */
  told: SourceTrouble | null;
  toldAt: Date | null;
}

/** How a source stands. new: it has not answered yet. */
export type SourceState = 'new' | 'well' | 'failing' | 'silent';
