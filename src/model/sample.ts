import { z } from 'zod';

const ids = z.array(z.int());

/**
 * A newsletter as it would be, or is, for one reader, without who they are: what a row of `newsletters` freezes, so
 * that composing it again gives the same mail.
 */
export const SAMPLE = z.strictObject({
  edition: z.string(),
  issuedOn: z.iso.date(),
  entryIds: ids,
  matchIds: ids,
  upvotes: ids,
  comments: ids,
  trendingIds: ids,
  moverIds: ids,
  moverRises: ids,
  likedIds: ids.nullable(),
  perhapsIds: ids.nullable(),
  perhapsMatchIds: ids.nullable(),
  pickedIds: ids.nullable(),
  /** DayLine in newsletter.ts. */
  dayLine: z.json(),
  /** The reader's own wording of interests, by kind and key. */
  wordings: z.record(z.string(), z.string()).nullable(),
  consideredCount: z.int(),
  moreCount: z.int(),
  editorNote: z.string().nullable(),
});

/** A newsletter to be composed for somebody who is not its reader. */
export type Sample = z.infer<typeof SAMPLE>;
