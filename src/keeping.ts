import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Journal, Keys } from './context.ts';
import type { Db } from './db/client.ts';
import { keepFactsOf } from './db/facts.ts';
import { noJournal, openJournal } from './journal/open-journal.ts';

/** Opens the journal of this process and has it keep what this database commits; with JOURNAL_DIR=off there is none. */
export function openJournalOf(
  { JOURNAL_DIR }: Config,
  { suppression }: Keys,
  { db, log, closers }: { db: Db; log: Logger; closers: (() => Promise<void>)[] },
): Journal {
  if (JOURNAL_DIR === undefined) return noJournal;
  const journal = openJournal({ folder: JOURNAL_DIR, suppressionKey: suppression, log });
  closers.push(() => journal.close());
  keepFactsOf(db, (facts) => journal.keep(facts));
  return journal;
}
