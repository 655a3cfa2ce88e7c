import type { Logger } from 'pino';
import type { Journal } from '../context.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { hmacWith } from '../lib/hmac.ts';
import type { Fact } from '../model/fact.ts';
import { dayOf, forgetOldFiles } from './files.ts';
import { forgetReaders } from './forget-readers.ts';
import { openWriter, type Writer } from './writer.ts';

/** How often the disk is told to keep what was written: power that fails takes at most this much. */
const SYNC_MS = 1_000;
/** Facts that wait in memory for a disk that takes nothing; the database has them too. */
const MOST_OWED = 100_000;

/** A journal that is turned off. */
export const noJournal: Journal = {
  ...{ write: () => {}, keep: () => {}, describe: () => {}, unknown: () => [], problem: () => null },
  close: () => Promise.resolve(),
};

/** Names the suppression key without telling it: hashes of one key mean nothing beside those of another. */
export function keyMarkOf(suppressionKey: Buffer): string {
  return hmacWith('sha256', suppressionKey)('journal').slice(0, 16);
}

/** How a journal is opened. */
export interface JournalOptions {
  folder: string;
  suppressionKey: Buffer;
  log: Logger;
  /** Milliseconds since 1970; of this machine where it is left out. */
  clock?: () => number;
}

/**
 * Opens the journal of this process. `write` is for what may happen only once it is written, and throws where that
 * fails; `keep` is for what has happened, never throws, and holds in memory what the disk does not take.
 */
export function openJournal({ folder, suppressionKey, log, clock = Date.now }: JournalOptions): Journal {
  const writer = openWriter(folder, keyMarkOf(suppressionKey), clock);
  const owing = openOwing(writer, log);
  let work = Promise.resolve();
  const later = (step: () => Promise<unknown>) => {
    const failed = (error: unknown) => log.warn({ problem: messageOf(error) }, 'journal');
    work = work.then(step).then(() => {}, failed);
  };
  const stop = eachSecond(writer, owing, { clock, newDay: () => later(() => forgetOldFiles(folder, clock())) });
  return {
    write: (facts) => {
      if (facts.length === 0 || owing.flush(facts)) return;
      throw new AppError('unavailable', `The journal in JOURNAL_DIR cannot be written: ${owing.problem() ?? ''}`);
    },
    keep: (facts) => {
      if (facts.length === 0) return;
      if (!owing.flush(facts)) owing.owe(facts);
      const erased = facts.flatMap((fact) => (fact.what === 'erased' ? [fact.reader] : []));
      if (erased.length > 0) later(() => forgetReaders(folder, new Set(erased)));
    },
    describe: (papers) => writer.describe(papers),
    unknown: (ids) => writer.unknown(ids),
    problem: () => owing.problem(),
    close: async () => {
      stop();
      await work;
      owing.flush([]);
      writer.close();
    },
  };
}

/** What the disk did not take, and why. */
interface Owing {
  /** Writes what is owed and these; false where that fails. */
  flush: (facts: readonly Fact[]) => boolean;
  owe: (facts: readonly Fact[]) => void;
  failed: (error: unknown) => void;
  problem: () => string | null;
}

function openOwing(writer: Writer, log: Logger): Owing {
  const owed: Fact[] = [];
  let problem: string | null = null;
  const failed = (error: unknown) => {
    if (problem === null) log.error({ problem: messageOf(error) }, 'the journal cannot be written');
    problem = messageOf(error);
  };
  return {
    flush: (facts) => {
      const all = [...owed, ...facts];
      if (all.length === 0 && problem === null) return true; // else it is tried whether it is over
      try {
        writer.append(all);
      } catch (error) {
        failed(error);
        return false;
      }
      owed.length = 0;
      problem = null;
      return true;
    },
    owe: (facts) => {
      if (owed.length < MOST_OWED) owed.push(...facts);
    },
    failed,
    problem: () => problem,
  };
}

/**
 * Each second: what is owed, and whether a trouble is over, is tried again, and what was written is made to last.
 * Returns what stops that.
 */
function eachSecond(
  writer: Writer,
  owing: Owing,
  { clock, newDay }: { clock: () => number; newDay: () => void },
): () => void {
  let day = '';
  const timer = setInterval(() => {
    owing.flush([]);
    writer.sync().catch(owing.failed);
    if (dayOf(clock()) !== day) newDay();
    day = dayOf(clock());
  }, SYNC_MS);
  timer.unref();
  return () => clearInterval(timer);
}
