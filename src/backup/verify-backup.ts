import type { ClientBase } from 'pg';
import type { Config } from '../config.ts';
import type { BackedTable } from '../db/backup/tables.ts';
import { measureTables } from '../db/backup/measure-tables.ts';
import type { Db } from '../db/client.ts';
import { readKeys } from '../db/keys.ts';
import { addUpLedger } from '../db/ledger/add-up.ts';
import { findLedgerProblems } from '../db/ledger/reconcile.ts';
import { oneLine } from '../lib/errors.ts';
import { packageVersion } from '../package.ts';
import type { BackupSample, Manifest } from './manifest.ts';
import { openArchive } from './read-archive.ts';
import { restoreBackup } from './restore-backup.ts';
import { makeSamples } from './samples.ts';
import { withDb, withScratch } from './scratch.ts';
import { wrappingOf } from '../wrapping-secrets.ts';

/** What a backup is tried with. */
export interface VerifyWish {
  file: string;
  config: Config;
  progress?: (rows: number, of: number) => void;
  step?: (words: string) => void;
  /** Ends it: it throws, and leaves nothing. */
  signal?: AbortSignal;
}

/** How a backup fared. */
export interface Verified {
  manifest: Manifest;
  rows: number;
  /** Newsletters that were made again to the same bytes, of how many. */
  same: number;
  samples: number;
  /** What is wrong, in words; empty where all is well. */
  problems: string[];
  /** What could not be looked at, and why. */
  notes: string[];
}

/**
 * Tries a backup: restores it into a scratch server, compares counts and hashes of every table with what was written,
 * adds up the ledger, and makes its newsletters again. Throws AppError bad-input for a file that is
 * damaged, NoScratch where nothing can be tried.
 */
export async function verifyBackup(wish: VerifyWish): Promise<Verified> {
  const { manifest, samples } = await headOf(wish.file);
  const work = async (url: string): Promise<Verified> => {
    const problems: string[] = [];
    const tables = new Map<string, string>();
    const restored = await restoreBackup({
      ...wish,
      url,
      loaded: async (client, all) => {
        wish.step?.('Comparing every table …');
        for (const [name, sum] of await sumsOf(client, all)) tables.set(name, sum);
      },
    });
    for (const table of restored.manifest.tables)
      if (tables.get(table.name) !== `${table.rows} ${table.sha256}`)
        problems.push(`${table.name} was read back as ${tables.get(table.name) ?? 'nothing'}`);
    wish.step?.('Adding up the ledger, making newsletters …');
    const found = await withDb(url, (db) => look(db, wish, restored.manifest, samples));
    return { ...restored, ...found, problems: [...problems, ...found.problems] };
  };
  return withScratch(wish.config, manifest, work, wish.signal);
}

async function headOf(file: string): Promise<{ manifest: Manifest; samples: BackupSample[] }> {
  const archive = await openArchive(file);
  archive.close();
  return archive;
}

async function sumsOf(client: ClientBase, all: readonly BackedTable[]): Promise<Map<string, string>> {
  const sums = await measureTables(client, all);
  return new Map(sums.map(({ name, rows, sha256 }) => [name, `${rows} ${sha256}`]));
}

async function look(db: Db, wish: VerifyWish, manifest: Manifest, samples: readonly BackupSample[]) {
  const made = await madeAgain(db, wish, manifest, samples);
  return { ...made, problems: [...(await ledgerProblems(db)), ...made.problems], samples: samples.length };
}

/** What was in flight when the backup was taken is taken back by the first process that starts. */
const IN_FLIGHT = 'claims nobody took back';

async function ledgerProblems(db: Db): Promise<string[]> {
  const counted = await addUpLedger(db);
  const problems = (await findLedgerProblems(db, new Date(0))).filter(({ problem }) => problem !== IN_FLIGHT);
  return [
    ...counted.map(
      ({ edition, state, rows, counted: n }) => `${edition}: ${rows} mails are ${state}, counted were ${n}`,
    ),
    ...problems.map(({ edition, problem, count }) => `${edition ?? 'all editions'}: ${count} ${problem}`),
  ];
}

/** Another release may make other newsletters of the same rows: that is no fault of the backup. */
async function madeAgain(db: Db, wish: VerifyWish, manifest: Manifest, samples: readonly BackupSample[]) {
  if (samples.length === 0) return { same: 0, problems: [], notes: ['It holds no newsletters to compare with.'] };
  try {
    const keys = await readKeys(db, wrappingOf(wish.config));
    if (!keys) return { same: 0, problems: ['It holds no keys.'], notes: [] };
    const again = await makeSamples(
      { db, config: wish.config, keys },
      samples.map(({ id }) => id),
    );
    const now = new Map(again.map(({ id, sha256 }) => [id, sha256]));
    const same = samples.filter(({ id, sha256 }) => now.get(id) === sha256).length;
    if (same === samples.length) return { same, problems: [], notes: [] };
    const words = `${samples.length - same} of ${samples.length} newsletters come out otherwise`;
    return manifest.release === packageVersion()
      ? { same, problems: [`${words}: compare PUBLIC_URL, MAIL_FROM and POSTAL_ADDRESS with those of then`], notes: [] }
      : { same, problems: [], notes: [`${words} with this release: offprint upgrade --check shows how.`] };
  } catch (error) {
    return { same: 0, problems: [], notes: [`Its newsletters cannot be made here: ${oneLine(error)}`] };
  }
}
