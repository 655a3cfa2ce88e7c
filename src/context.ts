import type { Logger } from 'pino';
import type { Config } from './config.ts';
import type { Db, Tx } from './db/client.ts';
import type { ReadList } from './db/replica.ts';
import type { LinkKey } from './links/tokens.ts';
import type { Fact, PaperName } from './model/fact.ts';
import type { JobName } from './model/job.ts';
import type { Mailer, SendResult } from './model/mail.ts';
import type { Measure } from './model/measure.ts';
import type { Composer } from './model/newsletter.ts';

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
  /** Keys the hashes of suppressed addresses, and of the URLs that sources ask; never rotates. */
  suppression: Buffer;
}

/** Asks one address, over a connection of its own, and follows nobody. */
export type SourceFetch = (url: string, options: SourceFetchOptions) => Promise<Response>;

/** How an address is asked. */
export interface SourceFetchOptions {
  /** GET where nothing is said; what is told to a program is POSTed. */
  method?: 'GET' | 'POST';
  body?: string;
  headers: Record<string, string>;
  signal: AbortSignal;
  redirect: 'manual';
  /** Whether it may lie on this machine, or in a network that is not public. */
  inside: boolean;
}

/** Gives each host one request at a time. */
export interface Turns {
  /** Takes the turn at a host for at most so long, or says in how many milliseconds it may be free. */
  take(host: string, leaseMs: number): Promise<Turn | TurnTaken>;
}

/** Leave to ask a host now. */
export interface Turn {
  /** Gives the host so many milliseconds of rest before the next. */
  end(restMs: number): Promise<void>;
}

/** Why it is nobody's turn: somebody asks at this moment, else the host rests. */
export interface TurnTaken {
  waitMs: number;
  taken: boolean;
}

/** A request as it was answered; `route` is a pattern, never an address that holds somebody's. */
export interface AnsweredRequest {
  method: string;
  route: string;
  status: number;
  seconds: number;
}

/** A newsletter that was handed to a mail server. */
export interface TriedMail {
  relay: string;
  outcome: SendResult['outcome'];
  seconds: number;
}

/** Counts what this process does, for who watches it. */
export interface Meters {
  answered(request: AnsweredRequest): void;
  tried(mail: TriedMail): void;
  /** Writes what was counted, and further numbers, in Prometheus' text format. */
  text(measures: readonly Measure[]): Promise<string>;
}

/** What this process keeps outside the database of what was promised and done. */
export interface Journal {
  /** Writes what is about to happen, which may happen then; throws AppError unavailable where it cannot be written. */
  write(facts: readonly Fact[]): void;
  /** Writes what has happened; never throws, and what cannot be written now waits in memory. */
  keep(facts: readonly Fact[]): void;
  /** Says by what papers are known, before facts name them by their numbers. */
  describe(papers: ReadonlyMap<number, PaperName>): void;
  /** Which of these papers were not described yet. */
  unknown(paperIds: readonly number[]): number[];
  /** Why it cannot be written; null while it can. */
  problem(): string | null;
  close(): Promise<void>;
}

/** Everything that touches the world, opened once by create-context and handed down. */
export interface Context {
  config: Config;
  db: Db;
  /** Reads lists from the replica, where there is one: see http/read-aside.ts. */
  readList?: ReadList;
  keys: Keys;
  mailer: Mailer;
  /** Compiles the templates on first use. */
  composer: () => Promise<Composer>;
  queue: Queue;
  /** The HTTP client of the embeddings endpoint. */
  fetch: typeof fetch;
  /** The HTTP client of the sources, and of the programs that are told what happens: guarded against going inside. */
  fetchSource: SourceFetch;
  /** Whose turn it is to ask a host, over all processes. */
  turns: Turns;
  /** What this process keeps outside the database. */
  journal: Journal;
  /** What this process did, in numbers. */
  meters: Meters;
  /** Aborts once the process is told to end: it takes nothing new any more. */
  ending: AbortSignal;
  /** The current instant. Every decision about time asks here. */
  now: () => Date;
  log: Logger;
}
