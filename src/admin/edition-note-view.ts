import { lengthOfNote } from '../compose/text/editor-note.ts';
import type { Context } from '../context.ts';
import { listChoosable } from '../db/digests/choosable.ts';
import { papersByIds } from '../db/digests/papers-by-ids.ts';
import { loadNotes } from '../db/newsletters/edition-notes.ts';
import type { EditionSummary } from '../db/newsletters/editions.ts';
import { languageName, languages } from '../lib/strings.ts';
import { addDays } from '../lib/time.ts';
import { editionDays, isOpenToEditors } from '../model/edition.ts';
import { MOST_PICKS, NO_NOTE, NOTE_LENGTH } from '../model/editor-note.ts';
import { noteProblemText, type NoteProblem, type NoteWish } from '../operate/edition-note.ts';
import type { Saying } from './saying.ts';

/** Papers to choose from: those of the newest lists. Any other is named to the API. */
const MOST_CHOICES = 120;
/** Longest title in a list to choose from, in characters. */
const TITLE = 110;

/** A form that was sent and refused. */
export interface Tried {
  wish: NoteWish;
  problems: readonly NoteProblem[];
}

/** Prepares what an editor added to an edition, and the form to change it while the edition is not over. */
export async function noteView(ctx: Context, { key, state }: EditionSummary, say: Saying, tried: Tried | null) {
  const { words, paperIds } = (await loadNotes(ctx.db, [key])).get(key) ?? NO_NOTE;
  const papers = await papersByIds(ctx.db, paperIds);
  const open = state !== 'cancelled' && isOpenToEditors(key, ctx.now());
  const given = tried?.wish ?? { words, picks: papers.map(({ publicId }) => publicId) };
  const notes = languages().map((language) => ({
    ...{ language, name: languageName(language), field: `note-${language}` },
    ...{ text: given.words[language] ?? '', said: words[language] ?? '' },
    used: say.words('admin.editions.note.used', { used: lengthOfNote(given.words[language] ?? ''), most: NOTE_LENGTH }),
  }));
  return {
    ...{ open, notes, papers: papers.map(({ publicId, title }) => ({ title, href: `/admin/papers/${publicId}` })) },
    says: papers.length > 0 || Object.keys(words).length > 0,
    picks: open ? await picksView(ctx, key, given.picks, papers) : [],
    problems: (tried?.problems ?? []).map((problem) => noteProblemText(problem, say.words)),
  };
}

async function picksView(
  ctx: Context,
  key: string,
  chosen: readonly string[],
  inForce: readonly { publicId: string; title: string }[],
) {
  const { from, to } = editionDays(key);
  const listed = await listChoosable(ctx.db, {
    ...{ from: addDays(from, -ctx.config.CONTENT_DAYS), to, most: MOST_CHOICES },
  });
  const others = inForce.filter(({ publicId }) => !listed.some((paper) => paper.publicId === publicId));
  return Array.from({ length: MOST_PICKS }, (_, at) => ({
    ...{ number: at + 1, field: `pick-${at + 1}` },
    options: [...others.map((paper) => ({ ...paper, digestOn: '' })), ...listed].map(
      ({ publicId, title, digestOn }) => ({
        ...{ value: publicId, selected: chosen[at] === publicId },
        name: (title.length > TITLE ? `${title.slice(0, TITLE - 1)}…` : title) + (digestOn ? ` (${digestOn})` : ''),
      }),
    ),
  }));
}
