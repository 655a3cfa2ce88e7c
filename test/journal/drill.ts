import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import PostalMime from 'postal-mime';
import type { Context } from '../../src/context.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { keepFactsOf } from '../../src/db/facts.ts';
import { ingestInputs } from '../../src/ingest/run-ingest.ts';
import { jobs, runJob } from '../../src/jobs.ts';
import { openJournal } from '../../src/journal/open-journal.ts';
import type { JobName } from '../../src/model/job.ts';
import { addressHash } from '../../src/model/address.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { databaseUrl, onServer } from '../support/database.ts';
import type { ReceivedMail } from '../support/smtp.ts';
import { OWN_DIGESTS } from '../world/digest-files.ts';
import { makeReader } from '../world/readers.ts';

/** A service on a database of its own name, with a journal outside of it. */
export interface Service {
  ctx: TestContext;
  name: string;
  /** Lets go of the database, as a process that was killed does: nothing of the journal is closed. */
  vanish: () => Promise<void>;
}

/** A server with databases that come and go, and the folder in which the journal of all of them lies. */
export interface Drill {
  folder: string;
  open: (name: string, now: Date | string, folder?: string) => Promise<Service>;
  /** Copies the journal as it is now: what is tried with the copy, the others do not read. */
  copyJournal: () => string;
  create: (name: string, template: string) => Promise<void>;
  drop: (name: string) => Promise<void>;
}

/** Begins a drill on a server. */
export function beginDrill(serverUrl: string, smtpUrl: string, settings: Record<string, string> = {}): Drill {
  const newFolder = () => join(mkdtempSync(join(tmpdir(), 'offprint-journal-')), 'journal');
  const whole = newFolder();
  return {
    folder: whole,
    copyJournal: () => {
      const copy = newFolder();
      cpSync(whole, copy, { recursive: true });
      return copy;
    },
    open: async (name, now, folder = whole) => {
      const pool = openPool(databaseUrl(serverUrl, name), 20, () => {});
      const db = openPrisma(pool);
      const own = { SMTP_URL: smtpUrl, CONTENT_DAYS: '30', JOURNAL_DIR: folder, ...settings };
      const plain = await testContext({ url: databaseUrl(serverUrl, name), pool, db }, own);
      plain.setNow(now);
      const clock = () => plain.now().getTime();
      const journal = openJournal({ folder, suppressionKey: plain.keys.suppression, log: plain.log, clock });
      keepFactsOf(db, (facts) => journal.keep(facts));
      const vanish = () => db.$disconnect().then(() => pool.end());
      return { ctx: Object.assign(plain, { journal }), name, vanish };
    },
    create: (name, template) => onServer(serverUrl, `CREATE DATABASE ${name} TEMPLATE ${template}`),
    drop: (name) => onServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

/** Names a database that nobody else has. */
export function ownName(what: string): string {
  return `t_${what}_${randomBytes(5).toString('hex')}`;
}

/** Makes readers who have confirmed, and get what most people read; returns their addresses. */
export async function makeReaders(ctx: Context, count: number, joinedAt: Date): Promise<string[]> {
  const emails = Array.from({ length: count }, (_, n) => `drill-reader-${n}@example.org`);
  for (const email of emails) {
    const hash = addressHash(ctx.keys.suppression, email);
    await makeReader(ctx.db, joinedAt, { email, addressHash: hash, maxPapers: 5 });
  }
  return emails;
}

/** Takes in the lists up to a day, and runs what follows from them at an instant: all, or these jobs. */
export async function runDay(ctx: TestContext, at: string, ...names: JobName[]): Promise<void> {
  ctx.setNow(at);
  const files = OWN_DIGESTS.files.filter((file) => (/\d{4}-\d\d-\d\d/.exec(file)?.[0] ?? '') <= at.slice(0, 10));
  await ingestInputs(ctx, files, { source: 'own' });
  await run(ctx, ...(names.length > 0 ? names : (['match', 'plan', 'deliver'] as const)));
}

/** Runs jobs in their order. */
export async function run(ctx: Context, ...names: JobName[]): Promise<void> {
  for (const job of jobs) if (names.includes(job.name)) await runJob(ctx, job);
}

/** A newsletter as it arrived: to whom, of which edition, with which papers. */
export interface Arrived {
  to: string;
  subject: string;
  titles: string[];
}

/** Reads what a receiver took. */
export async function read(mails: readonly ReceivedMail[]): Promise<Arrived[]> {
  const flat = (text: string) => text.replace(/\s+/g, ' ');
  return Promise.all(
    mails.map(async ({ to, raw }) => {
      const { text = '', subject = '' } = await PostalMime.parse(raw);
      return { to, subject, titles: OWN_DIGESTS.titles.filter((title) => flat(text).includes(flat(title))) };
    }),
  );
}

/** Papers that somebody was shown in two of these mails. */
export function shownTwice(mails: readonly Arrived[]): string[] {
  const seen = new Set<string>();
  return mails.flatMap(({ to, titles }) =>
    titles.flatMap((title) => {
      const key = `${to} ${title}`;
      if (seen.has(key)) return [key];
      seen.add(key);
      return [];
    }),
  );
}
