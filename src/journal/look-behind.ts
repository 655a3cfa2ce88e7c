import { open } from 'node:fs/promises';
import type { Context } from '../context.ts';
import { findJournaled } from '../db/ledger/journaled.ts';
import { isUnheard } from './decide-mail.ts';
import { listFiles } from './files.ts';
import { readLine } from './format.ts';
import { heed, newLastWords } from './last-words.ts';
import { keyMarkOf } from './open-journal.ts';
import { newReading, readJournal, type JournaledMail } from './read-journal.ts';
import { noPeople, replayPeople, type PeopleCounts } from './replay-people.ts';

/** What a journal knows and its database does not. */
export interface Missing extends PeopleCounts {
  mails: number;
  /** When the first of it happened; null where nothing is missing. */
  first: Date | null;
}

/** What the database knows of itself. */
export interface Traces {
  /** Its newest trace of life; null where there is none. */
  newest: Date | null;
  /** When somebody last said that sending may go on, whatever is missing. */
  letGoAt: Date | null;
}

/** The end of a journal is looked at, and this much before it: whoever started meanwhile may have left newer traces. */
const TAIL_MS = 10 * 60_000;
/** What people did this much after the newest trace is missing: a process at work leaves one each minute. */
const GRACE_MS = 2 * 60_000;
/** As many mails as are asked about at once. */
const BATCH = 500;
/** More than the longest line of a fact. */
const LAST_BYTES = 16_384;

/**
 * Looks whether the database is older than the journal in a folder: tries of mails that its ledger never heard of, or
 * what people did after its newest trace. Of a living one nothing is missing, whatever other processes do meanwhile:
 * each of them commits first and writes into its journal then.
 */
export async function lookBehind(ctx: Context, folder: string, { newest, letGoAt }: Traces): Promise<Missing> {
  const end = await lastInstant(folder);
  if (end === null) return { mails: 0, ...noPeople(), first: null };
  const [trace, accepted] = [newest?.getTime() ?? 0, letGoAt?.getTime() ?? 0];
  const from = (since: number) =>
    missingSince(ctx, folder, { since: Math.max(since, accepted), people: Math.max(trace + GRACE_MS, accepted) });
  const missing = await from(Math.min(trace, end) - TAIL_MS);
  return missing.first === null ? missing : from(0); // then all of it, for the first
}

async function missingSince(
  ctx: Context,
  folder: string,
  { since, people }: { since: number; people: number },
): Promise<Missing> {
  const missing: Missing = { mails: 0, ...noPeople(), first: null };
  const [words, batch]: [ReturnType<typeof newLastWords>, JournaledMail[]] = [newLastWords(), []];
  const ask = async () => {
    const known = await findJournaled(
      ctx.db,
      batch.map(({ handed }) => handed),
    );
    const unheard = batch.splice(0).filter((mail, n) => known[n] && isUnheard(mail, known[n]));
    missing.mails += unheard.length;
    for (const { at } of unheard) if (!missing.first || at < missing.first) missing.first = at;
  };
  const keyMark = keyMarkOf(ctx.keys.suppression);
  const from = new Date(since);
  for await (const told of readJournal({ folders: [folder], since: from, writtenSince: from, keyMark }, newReading())) {
    if ('mail' in told) batch.push(told.mail);
    else if (told.at.getTime() > people) heed(words, told);
    if (batch.length >= BATCH) await ask();
  }
  await ask();
  await replayPeople(ctx, words, { counts: missing, dryRun: true });
  const { left, erased, suppressed, moved } = missing;
  if (left + erased + suppressed + moved > 0) missing.first ??= new Date(people);
  return missing;
}

/** When the newest of the last lines of the newest files was written, in milliseconds; null where nothing is. */
async function lastInstant(folder: string): Promise<number | null> {
  const files = await listFiles(folder);
  const newest = files.reduce((day, file) => (file.day > day ? file.day : day), '');
  const ends = await Promise.all(files.filter(({ day }) => day === newest).map(({ path }) => lastInstantOf(path)));
  return ends.reduce((latest, at) => (at !== null && at > (latest ?? 0) ? at : latest), null);
}

async function lastInstantOf(path: string): Promise<number | null> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const bytes = Buffer.alloc(Math.min(size, LAST_BYTES));
    await file.read(bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8').split('\n').slice(0, -1); // what follows the last end of a line was cut off
    return lines.reduce<number | null>((last, line) => readLine(line)?.at ?? last, null);
  } finally {
    await file.close();
  }
}
