import type { ParsedDigest } from '../../model/digest.ts';
import type { DayHints } from './list-day.ts';

/** A kind of source: how its captures are told from all others, and how one is read. Pure; kinds.ts lists them all. */
export interface SourceKind {
  /** Its name, the one of its file. */
  kind: string;
  /** Tells by the first 1,000 characters behind any white space, else by the whole text, whether it reads a capture. */
  recognises: (start: string, text: string) => boolean;
  /** Reads a capture that it recognised. Throws AppError bad-input: what was found, and «expected …». */
  read: (text: string, hints: DayHints) => ParsedDigest;
}

/** What is expected beside a papers page, as messages say it where no kind fits. */
export const OTHER_KINDS = 'the JSON of daily_papers, or a feed';
