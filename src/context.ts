import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Db, Tx } from './db/client.ts';
import type { LinkKey } from './links/tokens.ts';
import type { Mailer } from './model/mail.ts';
import type { Composer } from './model/newsletter.ts';

/** The names of the jobs, in the order of the journey. */
export type JobName = 'ingest' | 'match' | 'plan' | 'deliver' | 'housekeeping';

/** Wakes workers. Losing what it holds loses nothing: the ledger is the truth, and each tick wakes again. */
export interface Queue {
  /**
   * Asks that a job run soon; inside a transaction, only if that commits. Asking twice before it runs is asking once.
   */
  wake(job: JobName, tx?: Tx): Promise<void>;
}

/** The secrets of the service, the same for every process. */
export interface Keys {
  /** Newest first; the newest signs, all verify. `refreshKeys` takes up what other processes changed. */
  link: LinkKey[];
  /** Keys the hash of suppressed addresses; never rotates. */
  suppression: Buffer;
}

/** Everything that touches the world, opened once by create-context and handed down. */
export interface Context {
  config: Config;
  db: Db;
  keys: Keys;
  mailer: Mailer;
  /** Compiles the templates on first use. */
  composer: () => Promise<Composer>;
  queue: Queue;
  /** The HTTP client of the sources. */
  fetch: typeof fetch;
  /** The current instant. Every decision about time asks here. */
  now: () => Date;
  log: Logger;
}
