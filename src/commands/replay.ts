import { Command } from 'commander';
import type { Context } from '../context.ts';
import { newslettersHolding, type StoredEntry } from '../db/digests/replay.ts';
import { replayCaptures, type EntryChange, type Replay } from '../ingest/replay.ts';
import { AppError } from '../lib/errors.ts';
import { rematch, type MatchChange, type NewText } from '../match/rematch.ts';
import { startProgress } from './progress.ts';
import { dateOption, printJson, printTable, withContext } from './support.ts';

interface Flags {
  from: string;
  to: string;
  dryRun?: boolean;
  json?: boolean;
}

/** Builds `offprint replay`: reads captures again and tells what would change. */
export function replayCommand(): Command {
  return new Command('replay')
    .requiredOption('--from <date>', 'first list day, YYYY-MM-DD', dateOption)
    .requiredOption('--to <date>', 'last list day', dateOption)
    .option('--dry-run', 'change nothing; what is stored stays, since newsletters point at it')
    .option('--json', 'print one object a line')
    .action(async ({ from, to, dryRun, json = false }: Flags) => {
      if (!dryRun)
        throw new AppError(
          'bad-input',
          'Entries never change once a newsletter may point at them; expected --dry-run.',
        );
      if (from > to) throw new AppError('bad-input', `${from} to ${to}: expected days in their order.`);
      await withContext((ctx) => tellChanges(ctx, { from, to }, json));
    });
}

async function tellChanges(ctx: Context, days: { from: string; to: string }, json: boolean): Promise<void> {
  const bar = startProgress('captures');
  const replay = await replayCaptures(ctx, days, (done, total) => bar.update(done, total)).finally(() => bar.stop());
  const matches = await rematch(ctx, textsOf(replay.entries));
  const ids = replay.entries.flatMap(({ stored }) => stored?.id ?? []);
  const newsletters = ids.length > 0 ? await newslettersHolding(ctx.db, ids, days.from) : [];
  if (json) printObjects(replay, matches, newsletters);
  else printTables(replay, matches, newsletters);
}

/** The texts that papers would have which took theirs from an entry that changes. */
function textsOf(changes: readonly EntryChange[]): Map<number, NewText> {
  const texts = new Map<number, NewText>();
  for (const { stored, parsed, fields } of changes) {
    if (!stored || !parsed || texts.has(stored.paperId)) continue;
    const told = fields.filter((field) => MATCHED.some((matched) => matched === field));
    if (told.length > 0) texts.set(stored.paperId, textOf(told, parsed));
  }
  return texts;
}

/** What matching reads of a paper. */
const MATCHED = ['title', 'abstract', 'authors', 'organization'] as const;

function textOf(fields: readonly string[], parsed: NonNullable<EntryChange['parsed']>): NewText {
  return Object.fromEntries(MATCHED.filter((field) => fields.includes(field)).map((field) => [field, parsed[field]]));
}

type Newsletters = Awaited<ReturnType<typeof newslettersHolding>>;

function sumsOf(
  { captures, older, forgotten, entries, newPapers, merges, captureChanges }: Replay,
  matches: readonly MatchChange[],
  newsletters: Newsletters,
) {
  const count = (change: EntryChange['change']) => entries.filter((entry) => entry.change === change).length;
  return {
    captures,
    older,
    forgotten,
    otherwise: captureChanges.length,
    added: count('added'),
    gone: count('gone'),
    changed: count('changed'),
    newPapers: newPapers.length,
    merges: merges.length,
    matches: matches.length,
    crossing: matches.filter(({ crosses }) => crosses).length,
    newsletters: newsletters.reduce((sum, edition) => sum + edition.newsletters, 0),
  };
}

function printObjects(replay: Replay, matches: readonly MatchChange[], newsletters: Newsletters): void {
  for (const change of replay.captureChanges) printJson({ kind: 'capture', ...change });
  for (const { stored, parsed, ...change } of replay.entries) {
    printJson({ kind: 'entry', ...change, ...valuesOf(change.fields, stored, parsed) });
  }
  for (const title of replay.newPapers) printJson({ kind: 'paper', change: 'new', title });
  for (const merge of replay.merges) printJson({ kind: 'paper', change: 'merged', ...merge });
  for (const match of matches) printJson({ kind: 'match', ...match });
  for (const edition of newsletters) printJson({ kind: 'newsletters', ...edition });
  printJson({ kind: 'sums', ...sumsOf(replay, matches, newsletters) });
}

function valuesOf(fields: readonly string[], stored: StoredEntry | null, parsed: EntryChange['parsed']) {
  if (!stored || !parsed) return {};
  const pick = (from: object) => Object.fromEntries(Object.entries(from).filter(([field]) => fields.includes(field)));
  return { was: pick(stored), would: pick(parsed) };
}

function printTables(replay: Replay, matches: readonly MatchChange[], newsletters: Newsletters): void {
  const cut = (text: string) => (text.length > 60 ? `${text.slice(0, 59)}…` : text);
  const captures = replay.captureChanges.map(({ capture, ...change }) => ({ capture, ...change }));
  if (captures.length > 0) printTable(captures, '');
  const entries = replay.entries.map(({ source, digestOn, title, change, fields }) => ({
    ...{ day: digestOn, source, change, fields: fields.join(' ') || null, title: cut(title) },
  }));
  printTable(entries, 'No entry would change.');
  if (matches.length > 0) {
    printTable(
      matches.map(({ interest, paper, was, would }) => ({
        interest: cut(interest),
        was: was.toFixed(2),
        would: would.toFixed(2),
        paper: cut(paper),
      })),
      '',
    );
  }
  if (newsletters.length > 0) printTable(newsletters, '');
  printTable([sumsOf(replay, matches, newsletters)], '');
}
