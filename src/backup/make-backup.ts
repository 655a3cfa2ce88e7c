import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Writable } from 'node:stream';
import type { Config } from '../config.ts';
import { transaction, type Db } from '../db/client.ts';
import { urlOf, withSession } from '../db/backup/session.ts';
import { guessRows, withSnapshot, type Snapshot } from '../db/backup/snapshot.ts';
import { readKeys } from '../db/keys.ts';
import { recordAct } from '../db/operator/audit.ts';
import { noteBackup } from '../db/operator/backups.ts';
import { AppError, oneLine } from '../lib/errors.ts';
import type { Actor } from '../model/actor.ts';
import { packageVersion } from '../package.ts';
import { newestOf, type BackupSample, type Manifest } from './manifest.ts';
import { makeSamples, SAMPLES_TAKEN } from './samples.ts';
import { writeArchive } from './write-archive.ts';
import { wrappingOf } from '../wrapping-secrets.ts';

/** What a backup is taken of. */
export interface BackupScope {
  db: Db;
  config: Config;
  now: () => Date;
}

/** How a backup is asked for. */
export interface BackupWish {
  /** Its file; `-` is standard output. */
  file: string;
  scheduled?: boolean;
  progress?: (rows: number, of: number) => void;
  /** Hears what the backup goes without. */
  warn?: (words: string) => void;
  /** Ends it: it throws, and leaves nothing. */
  signal?: AbortSignal;
}

/** A backup that was taken. */
export interface MadeBackup {
  file: string;
  manifest: Manifest;
  /** Of the file. */
  bytes: number;
  rows: number;
}

/**
 * Takes a backup of the whole database as it is at one moment, while everything goes on. A file appears when it is
 * whole, and no file is written over. Throws AppError conflict where it is there already.
 */
export async function makeBackup(scope: BackupScope, wish: BackupWish, by: Actor): Promise<MadeBackup> {
  const { file, progress } = wish;
  const made = await withSession(urlOf(scope.db), async (client) => {
    const total = await guessRows(client);
    return withSnapshot(client, async (snapshot) => {
      const samples = await samplesOf(scope, snapshot, wish);
      const parts = {
        release: packageVersion(),
        samples,
        signal: wish.signal,
        progress: (rows: number) => progress?.(rows, Math.max(rows, total)),
      };
      return intoFile(file, (out) => writeArchive(snapshot, parts, out));
    });
  });
  const rows = made.manifest.tables.reduce((sum, table) => sum + table.rows, 0);
  await record(scope, { ...made, rows, file }, wish, by);
  return { ...made, rows, file };
}

/**
 * Makes newsletters that the snapshot holds; what is planned meanwhile would be missing from it. A backup is worth
 * having whatever hinders this.
 */
async function samplesOf(
  { db, config }: BackupScope,
  snapshot: Snapshot,
  { warn }: BackupWish,
): Promise<BackupSample[]> {
  try {
    const keys = await readKeys(db, wrappingOf(config));
    if (!keys) return [];
    return await makeSamples({ db, config, keys }, await snapshot.newestNewsletters(SAMPLES_TAKEN));
  } catch (error) {
    warn?.(`No newsletters are made for comparison: ${oneLine(error)}`);
    return [];
  }
}

interface Written {
  manifest: Manifest;
  bytes: number;
}

async function intoFile(file: string, write: (out: Writable) => Promise<Manifest>): Promise<Written> {
  if (file === '-') return { manifest: await write(process.stdout), bytes: 0 };
  const path = resolve(file);
  if (existsSync(path)) throw new AppError('conflict', `${file} is there already: a backup is never written over.`);
  await mkdir(dirname(path), { recursive: true });
  const part = `${path}.part`;
  try {
    const manifest = await write(createWriteStream(part, { mode: 0o600 }));
    await sync(part);
    await rename(part, path);
    await sync(dirname(path));
    return { manifest, bytes: (await stat(path)).size };
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

/** A database that is behind this release may lack the table: it is backed up before it is brought up to date. */
async function record(scope: BackupScope, made: MadeBackup, wish: BackupWish, by: Actor): Promise<void> {
  const { manifest, bytes, rows, file } = made;
  const now = scope.now();
  const name = file === '-' ? file : resolve(file);
  try {
    await transaction(scope.db, async (tx) => {
      const { release, migrations } = manifest;
      await noteBackup(tx, {
        ...{ name, scheduled: wish.scheduled ?? false, release, migration: newestOf(migrations) },
        ...{ rows: BigInt(rows), bytes: BigInt(bytes), takenAt: new Date(manifest.takenAt), finishedAt: now },
      });
      await recordAct(tx, {
        at: now,
        actor: by,
        action: 'backup.make',
        subject: null,
        detail: { file: name, rows, bytes },
      });
    });
  } catch (error) {
    wish.warn?.(`The backup is whole, but could not be recorded: ${oneLine(error)}`);
  }
}
