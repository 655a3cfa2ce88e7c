import { Command } from 'commander';
import { editionNoteView } from '../api/schemas/edition-note.ts';
import type { Context } from '../context.ts';
import { papersByIds } from '../db/digests/papers-by-ids.ts';
import { loadNotes } from '../db/newsletters/edition-notes.ts';
import { AppError } from '../lib/errors.ts';
import { DEFAULT_LANGUAGE, translator } from '../lib/strings.ts';
import { isEdition } from '../model/edition.ts';
import { NO_NOTE } from '../model/editor-note.ts';
import { changeNote, noteProblemText, type NoteWish } from '../operate/edition-note.ts';
import { listOption, printJson, withContext } from './support.ts';

interface NoteFlags {
  lang?: string;
  text?: string;
  pick?: string[];
  remove?: boolean;
  json?: boolean;
}

/** Builds `offprint editions note`: shows what an editor adds to an edition, or changes it as its page does. */
export function noteCommand(): Command {
  return new Command('note')
    .description('show or change what is added to an edition: a note for each language, papers for everybody')
    .argument('<key>', 'the edition, such as daily:2025-12-31, to come or going on')
    .option('--lang <code>', 'the language of the note')
    .option('--text <text>', 'the note; links as [text](https://…) or bare https addresses')
    .option(
      '--pick <paper>',
      'a paper for everybody, by arXiv id, DOI or the id of its page; may be repeated; takes the place of those before',
      listOption,
    )
    .option('--remove', 'take out the note of --lang; without it all notes and papers')
    .option('--json', 'print what is in force as one object')
    .action((key: string, flags: NoteFlags) => withContext((ctx) => note(ctx, key, flags)));
}

async function note(ctx: Context, key: string, flags: NoteFlags): Promise<void> {
  if (!isEdition(key) || key.startsWith('welcome:'))
    throw new AppError('bad-input', `${key}: expected an edition of a day or a week, such as daily:2025-12-31`);
  const held = await inForce(ctx, key);
  const wish = wishOf(flags, { words: held.words, picks: held.papers.map(({ publicId }) => publicId) });
  if (wish) await change(ctx, key, wish);
  const now = wish ? await inForce(ctx, key) : held;
  if (flags.json) return printJson(editionNoteView(key, now.words, now.papers));
  const lines = [
    ...Object.entries(now.words).map(([language, text]) => `${language}: ${text}`),
    ...now.papers.map(({ publicId, title }) => `chosen: ${title} (${publicId})`),
  ];
  process.stdout.write(`${lines.join('\n') || `Nothing is added to ${key}.`}\n`);
}

/** What is wanted beside what is in force; null where nothing is to change. */
function wishOf({ lang, text, pick, remove = false }: NoteFlags, held: NoteWish): NoteWish | null {
  if (remove && (text !== undefined || pick))
    throw new AppError('bad-input', '--remove takes out what is there; expected neither --text nor --pick beside it');
  if (lang === undefined && text !== undefined)
    throw new AppError('bad-input', '--text: expected --lang beside it, such as --lang en');
  if (lang !== undefined && text === undefined && !remove)
    throw new AppError('bad-input', `--lang ${lang}: expected --text or --remove beside it`);
  if (lang !== undefined) return { words: { ...held.words, [lang]: text ?? '' }, picks: pick ?? held.picks };
  if (remove) return { words: {}, picks: [] };
  return pick ? { ...held, picks: pick } : null;
}

async function change(ctx: Context, key: string, wish: NoteWish): Promise<void> {
  const result = await changeNote(ctx, key, wish, 'cli');
  if (result.outcome === 'over') throw new AppError('conflict', `${key} is over: nothing can be added to it.`);
  if (result.outcome !== 'wrong') return;
  const t = translator(DEFAULT_LANGUAGE);
  throw new AppError('bad-input', result.problems.map((problem) => noteProblemText(problem, t)).join('\n'));
}

async function inForce(ctx: Context, key: string) {
  const { words, paperIds } = (await loadNotes(ctx.db, [key])).get(key) ?? NO_NOTE;
  return { words, papers: await papersByIds(ctx.db, paperIds) };
}
