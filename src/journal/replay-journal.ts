import type { Context } from '../context.ts';
import { keyMarkOf } from './open-journal.ts';
import { heed, newLastWords } from './last-words.ts';
import { newReading, readJournal, type JournaledMail, type Reading } from './read-journal.ts';
import { replayMails, type MailCounts, type PaperNumbers } from './replay-mails.ts';
import { replayPeople, type PeopleCounts } from './replay-people.ts';

/** How a journal is to be replayed. */
export interface ReplayOptions {
  /** The folders of all machines. */
  folders: readonly string[];
  /** When the snapshot was taken. Facts of some minutes before are replayed too: clocks differ. */
  since: Date;
  /** Only tells what would be done. */
  dryRun?: boolean;
  /** Hears how many files are done. */
  progress?: (done: number, total: number) => void;
}

/** What a replay read and did. */
export interface Replayed extends MailCounts, PeopleCounts {
  reading: Reading;
}

/** Two machines' clocks, and a transaction that was under way when the snapshot was taken, may differ by so much. */
const OVERLAP_MS = 10 * 60_000;
/** As many mails as one transaction takes. */
const BATCH = 500;

/**
 * Brings into a restored database what the journals of all processes have and its snapshot has not: mails that went,
 * with the papers they showed, readers who left or were erased, addresses that were suppressed. Whatever is there stays
 * as it is, so that replaying twice is replaying once. Nothing may be sent or planned meanwhile.
 */
export async function replayJournal(
  ctx: Context,
  { folders, since, dryRun = false, progress }: ReplayOptions,
): Promise<Replayed> {
  const counts: Omit<Replayed, 'reading'> = {
    ...{ sent: 0, inDoubt: 0, knownMails: 0, mailsToNobody: 0, papers: 0 },
    ...{ left: 0, erased: 0, suppressed: 0, moved: 0 },
  };
  const [reading, words, numbers]: [Reading, ReturnType<typeof newLastWords>, PaperNumbers] = [
    newReading(),
    newLastWords(),
    new Map(),
  ];
  let batch: JournaledMail[] = [];
  const inBatch = new Set<string>();
  const flush = async () => {
    if (batch.length > 0) await replayMails(ctx, batch, { counts, numbers, dryRun });
    batch = [];
    inBatch.clear();
  };
  const keyMark = keyMarkOf(ctx.keys.suppression);
  const wanted = { folders, since: new Date(since.getTime() - OVERLAP_MS), keyMark, ...(progress && { progress }) };
  for await (const told of readJournal(wanted, reading)) {
    if (!('mail' in told)) {
      heed(words, told);
      continue;
    }
    const names = namesOf(told.mail);
    // One mail that two processes had in hand: what the first one says is written before the second is looked at.
    if (batch.length >= BATCH || names.some((name) => inBatch.has(name))) await flush();
    batch.push(told.mail);
    for (const name of names) inBatch.add(name);
  }
  await flush();
  await replayPeople(ctx, words, { counts, dryRun });
  return { ...counts, reading };
}

function namesOf({ handed: { mail, kind, to } }: JournaledMail): string[] {
  return to ? [mail, `${to.reader} ${kind} ${to.key}`] : [mail];
}

/** Tells whether a replay changed something, or would. */
export function changesSomething({ sent, inDoubt, left, erased, suppressed, moved }: Replayed): boolean {
  return sent + inDoubt + left + erased + suppressed + moved > 0;
}
