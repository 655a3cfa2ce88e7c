import { badLinks, cleanNote, lengthOfNote } from '../compose/text/editor-note.ts';
import type { Context } from '../context.ts';
import { transaction, type Tx } from '../db/client.ts';
import { findNamedPapers, listListings, type NamedPaper } from '../db/digests/named-papers.ts';
import { lockEdition } from '../db/newsletters/editions.ts';
import { lockNote, writeNote, type NoteInForce } from '../db/newsletters/edition-notes.ts';
import { papersByIds } from '../db/digests/papers-by-ids.ts';
import { recordAct } from '../db/operator/audit.ts';
import { addDays } from '../lib/time.ts';
import { languageName, languages, type Translate } from '../lib/strings.ts';
import { changeOf, type Snapshot } from '../model/act.ts';
import type { Actor } from '../model/actor.ts';
import { editionDays, isOpenToEditors } from '../model/edition.ts';
import { MOST_PICKS, NO_NOTE, NOTE_LENGTH, NOTE_WRITTEN, type EditorNote } from '../model/editor-note.ts';

/** What an editor wants to add to an edition: a note by language, and papers by what names them. */
export interface NoteWish {
  words: Readonly<Record<string, string>>;
  picks: readonly string[];
}

/** What is wrong with a part of a wish: a string `admin.editions.note.wrong.<code>`, and the values in it. */
export interface NoteProblem {
  /** A language, or `picks`. */
  field: string;
  code: 'language' | 'long' | 'bad-link' | 'many' | 'unknown' | 'withheld' | 'elsewhere';
  values: Record<string, string | number>;
}

/** What became of a wish. */
export type NoteOutcome =
  | { outcome: 'written' | 'unchanged' }
  /** The edition is over, was cancelled, or is none of a day or a week. */
  | { outcome: 'over' }
  | { outcome: 'wrong'; problems: NoteProblem[] };

/**
 * Adds a note and papers to an edition that is to come or going on, or takes them out of it: newsletters planned from
 * now on have them, those that are planned stay as they are.
 */
export async function changeNote(ctx: Context, key: string, wish: NoteWish, by: Actor): Promise<NoteOutcome> {
  const now = ctx.now();
  if (!isOpenToEditors(key, now)) return { outcome: 'over' };
  const { problems, papers } = await checkWish(ctx, key, wish);
  if (problems.length > 0) return { outcome: 'wrong', problems };
  const wanted = { words: cleanWords(wish.words), paperIds: papers.map(({ id }) => id) };
  return transaction(ctx.db, async (tx): Promise<NoteOutcome> => {
    if ((await lockEdition(tx, key)) === 'cancelled') return { outcome: 'over' };
    const before = await noteSnapshot(tx, await lockNote(tx, key));
    const change = changeOf(before, await noteSnapshot(tx, wanted));
    if (!change) return { outcome: 'unchanged' };
    await writeNote(tx, { key, ...wanted, now });
    await recordAct(tx, { at: now, actor: by, action: 'edition.note', subject: key, ...change });
    return { outcome: 'written' };
  });
}

/** Words what is wrong with a wish. */
export function noteProblemText({ field, code, values }: NoteProblem, t: Translate): string {
  const part = field === 'picks' ? '' : `${languages().includes(field) ? languageName(field) : field}: `;
  return part + t(`admin.editions.note.wrong.${code}`, values);
}

/** Returns what an editor added as the log keeps it: a field for each language, and the papers by their public ids. */
export async function noteSnapshot(tx: Tx, note: EditorNote | NoteInForce | null): Promise<Snapshot> {
  const { words, paperIds } = note ?? NO_NOTE;
  const papers = await papersByIds(tx, paperIds);
  const notes = languages().map((language) => [`note.${language}`, words[language] ?? null]);
  return { ...Object.fromEntries(notes), picks: papers.map(({ publicId }) => publicId) } as Snapshot;
}

function cleanWords(words: NoteWish['words']): Record<string, string> {
  const clean = Object.entries(words).map(([language, text]) => [language, cleanNote(text)] as const);
  return Object.fromEntries(clean.filter(([, text]) => text !== ''));
}

async function checkWish(
  ctx: Context,
  key: string,
  { words, picks }: NoteWish,
): Promise<{ problems: NoteProblem[]; papers: NamedPaper[] }> {
  const problems = Object.entries(words).flatMap(([language, text]) => checkWords(language, text));
  const named = [...new Set(picks.map((pick) => pick.trim()))].filter((pick) => pick !== '');
  if (named.length > MOST_PICKS) problems.push({ field: 'picks', code: 'many', values: { most: MOST_PICKS } });
  const papers: NamedPaper[] = [];
  for (const pick of named.slice(0, MOST_PICKS)) {
    const [paper] = await findNamedPapers(ctx.db, pick);
    const code = paper ? await whyNot(ctx, key, paper) : 'unknown';
    if (code) problems.push({ field: 'picks', code, values: { pick: pick.slice(0, 100) } });
    else if (paper && !papers.some(({ id }) => id === paper.id)) papers.push(paper);
  }
  return { problems, papers };
}

function checkWords(language: string, text: string): NoteProblem[] {
  if (!languages().includes(language)) return [{ field: language, code: 'language', values: { language } }];
  const length = text.length > NOTE_WRITTEN ? text.length : lengthOfNote(text);
  const bad = badLinks(text.slice(0, NOTE_WRITTEN));
  return [
    ...(length > NOTE_LENGTH
      ? [{ field: language, code: 'long' as const, values: { length, most: NOTE_LENGTH } }]
      : []),
    ...bad.map((link) => ({ field: language, code: 'bad-link' as const, values: { link: link.slice(0, 100) } })),
  ];
}

/** Says why no reader of an edition can get a paper; null where some may. */
async function whyNot(ctx: Context, key: string, paper: NamedPaper): Promise<NoteProblem['code'] | null> {
  if (paper.withheldAt) return 'withheld';
  if (!paper.arrivedAt) return 'elsewhere';
  const { from, to } = editionDays(key);
  const first = addDays(from, -ctx.config.CONTENT_DAYS);
  const listings = await listListings(ctx.db, paper.ids);
  const isUsable = ({ state, digestOn }: (typeof listings)[number]) =>
    (state === 'accepted' || state === 'released') && digestOn >= first && digestOn <= to;
  return listings.some(isUsable) ? null : 'elsewhere';
}
