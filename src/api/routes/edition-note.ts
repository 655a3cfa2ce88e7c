import { z } from 'zod';
import type { Context } from '../../context.ts';
import { papersByIds } from '../../db/digests/papers-by-ids.ts';
import { loadNotes } from '../../db/newsletters/edition-notes.ts';
import { findEdition } from '../../db/newsletters/editions.ts';
import { DEFAULT_LANGUAGE, translator } from '../../lib/strings.ts';
import { isOpenToEditors } from '../../model/edition.ts';
import { NO_NOTE } from '../../model/editor-note.ts';
import { changeNote, noteProblemText } from '../../operate/edition-note.ts';
import { ApiProblem, missing } from '../problem.ts';
import { route, type Answer, type Route } from '../route.ts';
import { editionKeyText } from '../schemas/common.ts';
import { editionNote, editionNoteGiven, editionNoteView } from '../schemas/edition-note.ts';

const params = z.strictObject({ key: editionKeyText.describe('daily:2025-12-31, weekly:2026-W01') });

const show = route({
  ...{ method: 'get', path: '/editions/{key}/note', resource: 'editions', scope: 'editions:read' },
  does: 'Show what an editor added to an edition',
  params,
  answers: { 200: { says: 'The note in force', schema: editionNote } },
  handle: ({ ctx, params: { key } }) => told(ctx, key),
});

const change = route({
  ...{ method: 'post', path: '/editions/{key}/note', resource: 'editions', scope: 'editions:write' },
  does: 'Change what an editor adds to an edition, to come or going on',
  more: 'Takes the place of all that was there: without words and papers it takes them out. Newsletters planned from now on have it; those that are planned stay as they are.',
  params,
  body: editionNoteGiven,
  example: { words: { en: 'Read [this](https://example.org/why) first.' }, picks: [] },
  answers: { 200: { says: 'The note in force', schema: editionNote } },
  handle: async ({ ctx, params: { key }, body, by }) => {
    const result = await changeNote(ctx, key, body, by);
    if (result.outcome === 'over') throw new ApiProblem(409, 'The edition is over, or none of a day or a week');
    if (result.outcome !== 'wrong') return told(ctx, key);
    const errors = result.problems.map((problem) => ({
      detail: noteProblemText(problem, translator(DEFAULT_LANGUAGE)),
      pointer: problem.field === 'picks' ? '#/picks' : `#/words/${problem.field}`,
    }));
    throw new ApiProblem(422, 'The note cannot be taken', { errors });
  },
});

async function told(ctx: Context, key: string): Promise<Answer> {
  const note = (await loadNotes(ctx.db, [key])).get(key);
  if (!note && !isOpenToEditors(key, ctx.now()) && !(await findEdition(ctx.db, key)))
    throw missing('edition with this key');
  const { words, paperIds } = note ?? NO_NOTE;
  const papers = await papersByIds(ctx.db, paperIds);
  return { status: 200, body: editionNoteView(key, words, papers) };
}

/** What editors add to editions. */
export const editionNoteRoutes: readonly Route[] = [show, change];
