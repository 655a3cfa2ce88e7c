import { z } from 'zod';
import type { TitledPaper } from '../../db/digests/papers-by-ids.ts';
import { MOST_PICKS, NOTE_LENGTH, NOTE_WRITTEN } from '../../model/editor-note.ts';
import { answer, request } from './named.ts';

const words = z
  .record(z.string().max(10), z.string().max(NOTE_WRITTEN))
  .describe(`By language; ${NOTE_LENGTH} characters at most, links as [text](https://…) or bare https addresses`);

/** What an editor adds to an edition, as a program sends it. */
export const editionNoteGiven = request(
  'EditionNoteChange',
  z.strictObject({
    words,
    picks: z
      .array(z.string().max(200))
      .max(MOST_PICKS)
      .describe('Papers for everybody, by the id of their page, arXiv id or DOI'),
  }),
);

/** What an editor added to an edition. */
export const editionNote = answer(
  'EditionNote',
  z.object({
    edition: z.string(),
    words: z.record(z.string(), z.string()),
    picks: z.array(z.object({ id: z.string(), title: z.string() })),
  }),
);

/** Tells what an editor added to an edition. */
export function editionNoteView(
  edition: string,
  said: Readonly<Record<string, string>>,
  papers: readonly TitledPaper[],
): z.output<typeof editionNote> {
  const picks = papers.map(({ publicId, title }) => ({ id: publicId, title }));
  return { edition, words: { ...said }, picks };
}
