import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Client } from 'pg';
import { markUnfinished, unfinishedRestore } from '../db/backup/mark.ts';
import { withSession } from '../db/backup/session.ts';
import { listMigrations } from '../db/backup/tables.ts';
import { chooseIdentity } from '../db/embedded/binaries.ts';
import { initialise, urlOf } from '../db/embedded/cluster.ts';
import { launch, stopServer } from '../db/embedded/launch.ts';
import type { MajorMove } from '../db/embedded/majors.ts';
import { draftOf, takePlace } from '../db/embedded/swap.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { freeBytes, usedBytes } from '../lib/free-space.ts';
import { copyData, type Copied } from './copy-data.ts';

/** What a move to another major version works with. */
export interface RaiseMeans {
  /** Says to whoever looks on what is done. */
  say: (line: string) => void;
  /** How many bytes are free where a folder lies. */
  free?: (folder: string) => Promise<number>;
}

/** A database that was moved to another major version. */
export interface Raised {
  from: string;
  to: string;
  tables: number;
  rows: number;
  /** The old folder, as it is called now, and when it may go. */
  kept: string;
  then: string;
}

/** To write what was stored to the disk may take a while. */
const STOP_MS = 600_000;
/** Between two lines that say how far it is. */
const SAY_MS = 5_000;
/** The new folder, its log and what sorting takes, beside the old one. */
const ROOM = 2;
const THEN = 'It may be deleted once a backup that was taken from now on was tried: offprint backup verify FILE';

/**
 * Moves a data folder to the major version that this release brings: makes a new one beside it, copies every table,
 * reads it back and compares, and puts the new one in its place; the old one is kept under another name. Until then
 * nothing but a draft is written, so that after a kill the next start begins anew. Throws AppError unavailable where
 * it cannot; the folder is as it was then.
 */
export async function raiseMajor(move: MajorMove, means: RaiseMeans): Promise<Raised> {
  const { dataDir } = move;
  const [from, to] = [move.from.major, move.to.major];
  const copied = await makeDraft(move, means).catch((error: unknown) => {
    const words = `${dataDir} stays with PostgreSQL ${from}, and could not be moved to ${to}: ${messageOf(error)}`;
    throw new AppError('unavailable', words, { cause: error });
  });
  const kept = takePlace(dataDir, from); // whatever comes now, the draft is not removed
  means.say(`Moved ${copied.rows} rows of ${copied.tables} tables, read back and compared. Kept: ${kept}. ${THEN}`);
  return { from, to, tables: copied.tables, rows: copied.rows, kept, then: THEN };
}

/** Makes the new folder, whole and compared; where that fails, nothing of it is left. */
async function makeDraft(move: MajorMove, { say, free = freeBytes }: RaiseMeans): Promise<Copied> {
  const { dataDir, from, to, lock } = move;
  lock.keep();
  try {
    await clear(dataDir);
    await refuseLittleRoom(dataDir, free);
    say(`${dataDir} was made by PostgreSQL ${from.major}. Moving it to ${to.major}; cut short, it begins anew …`);
    const copied = await copyToDraft(move, say);
    if (!lock.isOurs()) throw new AppError('unavailable', 'another process has taken over.');
    return copied;
  } catch (error) {
    if (lock.isOurs()) await clear(dataDir).catch(() => {}); // else the next start does
    throw error;
  }
}

/** Ends what a move that was cut short has left running, and removes its draft. */
async function clear(dataDir: string): Promise<void> {
  await stop(dataDir);
  await stop(draftOf(dataDir));
  await rm(draftOf(dataDir), { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

async function stop(folder: string): Promise<void> {
  if (await stopServer(folder, STOP_MS)) return;
  throw new AppError('unavailable', `PostgreSQL on ${folder} does not end.`);
}

async function refuseLittleRoom(dataDir: string, free: (folder: string) => Promise<number>): Promise<void> {
  const [used, room] = [await usedBytes(dataDir), await free(dirname(dataDir))];
  if (room >= ROOM * used) return;
  const [wanted, there] = [ROOM * used, room].map((bytes) => `${Math.floor(bytes / 1_000_000)} MB`);
  throw new AppError(
    'unavailable',
    `it wants ${wanted} free in ${dirname(dataDir)}, and there are ${there}. Make room and start again.`,
  );
}

async function copyToDraft({ dataDir, from, to }: MajorMove, say: (line: string) => void): Promise<Copied> {
  const draft = draftOf(dataDir);
  await initialise(draft, to.bin, chooseIdentity(dataDir, to.bin));
  const [before, after] = [await launch(dataDir, from.bin), await launch(draft, to.bin)];
  const copied = await withSession(urlOf(dataDir, before), (client) =>
    withSession(urlOf(draft, after), (target) => copyAll(client, target, say)),
  );
  await stop(dataDir);
  await stop(draft);
  return copied;
}

const NOTHING: Copied = { tables: 0, rows: 0, keysWrapped: false };

/** What was never migrated, or left half restored, holds nothing to copy; the latter every start refuses as before. */
async function copyAll(from: Client, to: Client, say: (line: string) => void): Promise<Copied> {
  const unfinished = await unfinishedRestore(from);
  if (unfinished !== null) await markUnfinished(to, unfinished);
  if (unfinished !== null || (await listMigrations(from)).length === 0) return NOTHING;
  return copyData(from, to, {
    ...{ what: 'a move to another PostgreSQL', where: 'the new folder', step: say, progress: sayEachWhile(say) },
  });
}

function sayEachWhile(say: (line: string) => void): (rows: number, of: number) => void {
  let saidMs = performance.now();
  return (rows, of) => {
    if (performance.now() - saidMs < SAY_MS) return;
    saidMs = performance.now();
    say(`${rows} of about ${of} rows are in …`);
  };
}
