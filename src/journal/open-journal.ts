import type { Logger } from 'pino';
import type { Journal } from '../context.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { hmacWith } from '../lib/hmac.ts';
import type { Fact } from '../model/fact.ts';
import { forgetOldFiles } from './files.ts';
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
  const owed: Fact[] = [];
  let [problem, work]: [string | null, Promise<void>] = [null, Promise.resolve()];
  const failed = (error: unknown) => {
    if (problem === null) log.error({ problem: messageOf(error) }, 'the journal cannot be written');
    problem = messageOf(error);
  };
  const flush = (facts: readonly Fact[]) => {
    try {
      writer.append([...owed, ...facts]);
      owed.length = 0;
      problem = null;
    } catch (error) {
      failed(error);
      return false;
    }
    return true;
  };
  const later = (step: () => Promise<unknown>) => {
    work = work.then(step).then(
      () => {},
      (error: unknown) => log.warn({ problem: messageOf(error) }, 'journal'),
    );
  };
  later(() => forgetOldFiles(folder, clock()));
  const stop = syncEachSecond(writer, { owed, flush, failed });
  return {
    write: (facts) => {
      if (facts.length === 0 || flush(facts)) return;
      throw new AppError('unavailable', `The journal in JOURNAL_DIR cannot be written: ${problem ?? ''}`);
    },
    keep: (facts) => {
      if (facts.length === 0) return;
      if (!flush(facts) && owed.length < MOST_OWED) owed.push(...facts);
      const erased = facts.flatMap((fact) => (fact.what === 'erased' ? [fact.reader] : []));
      if (erased.length > 0) later(() => forgetReaders(folder, new Set(erased)));
    },
    describe: writer.describe,
    unknown: writer.unknown,
    problem: () => problem,
    close: async () => {
      stop();
      await work;
      if (owed.length > 0) flush([]);
      writer.close();
    },
  };
}

interface Flushing {
  owed: readonly Fact[];
  flush: (facts: readonly Fact[]) => boolean;
  failed: (error: unknown) => void;
}

/** Each second: what waits is tried again, and what was written is made to last. Returns what stops that. */
function syncEachSecond(writer: Writer, { owed, flush, failed }: Flushing): () => void {
  const timer = setInterval(() => {
    if (owed.length > 0) flush([]);
    writer.sync().catch(failed);
  }, SYNC_MS);
  timer.unref();
  return () => clearInterval(timer);
}
