import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { countProblems, createErrand, findErrand, noteErrand, type Errand } from '../../db/operator/errands.ts';
import type { Actor } from '../../model/actor.ts';
import type { CsvColumn } from '../../subscribers/csv/columns.ts';
import { importCsv } from '../../subscribers/import-csv.ts';
import { keepRejected, noteImport, noteImported } from './note-import.ts';

/** What an import is told: how the file is called, and what its columns are (ours; null leaves one out). */
export interface ImportPlan {
  file: string;
  /** Names the file below DATA_DIR/imports. */
  stored: string;
  bytes: number;
  map?: [theirs: string, ours: CsvColumn | null][];
  import?: true;
}

/** Names the folder where handed-in files wait; makes it. */
export async function importsFolder(dataDir: string): Promise<string> {
  const folder = join(dataDir, 'imports');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Notes a file that was handed in; what its columns are is said later. Returns the errand's number. */
export async function draftImport(ctx: Context, plan: ImportPlan, by: Actor): Promise<number> {
  const given = { kind: 'readers.import', wish: { ...plan, import: true }, actor: by, now: ctx.now() };
  return createErrand(ctx.db, { ...given, state: 'draft' });
}

/** Begins an import whose columns were settled; false where it is no draft (any more). */
export async function beginImport(
  ctx: Context,
  id: number,
  { map, total }: { map: [string, CsvColumn | null][]; total: number },
  by: Actor,
): Promise<boolean> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const errand = await findErrand(tx, id);
    if (errand?.kind !== 'readers.import' || errand.state !== 'draft') return false;
    const detail = { file: String(errand.wish['file']) };
    const actId = await recordAct(tx, { at: now, actor: by, action: 'readers.import', detail });
    await noteErrand(tx, id, { state: 'waiting', wish: { ...errand.wish, map }, actId, total });
    await ctx.queue.wake('errands', tx);
    return true;
  });
}

/** Throws a draft away, with its file; false where it is none. */
export async function dropImport(ctx: Context, id: number): Promise<boolean> {
  const errand = await findErrand(ctx.db, id);
  if (errand?.kind !== 'readers.import' || errand.state !== 'draft') return false;
  await noteErrand(ctx.db, id, { state: 'stopped', finishedAt: ctx.now() });
  await rm(await importedFile(ctx, errand), { force: true });
  return true;
}

/** Returns where the file of an import lies. */
export async function importedFile(ctx: Context, { wish }: Errand): Promise<string> {
  return join(await importsFolder(ctx.config.DATA_DIR), String(wish['stored']));
}

/** Takes a file in, from behind the line that is dealt with; each transaction notes how far it came. */
export async function stepImport(ctx: Context, errand: Errand, signal: AbortSignal | undefined): Promise<'done'> {
  const { id, position, actor } = errand;
  const actId = errand.actId ?? 0n;
  const path = await importedFile(ctx, errand);
  const map = new Map((errand.wish['map'] ?? []) as [string, CsvColumn | null][]);
  let rows = errand.done;
  const result = await importCsv(ctx, createReadStream(path), {
    ...{ actor, map, ...(signal ? { signal } : {}) },
    progress: (read) => (rows = read),
    errand: {
      ...{ id, note: noteImport(ctx, { id, actId }, () => rows) },
      goesOn: { after: position, refused: (some) => keepRejected(ctx, id, some) },
    },
  });
  const isTakenBack = (await findErrand(ctx.db, id))?.state === 'stopped';
  if (result.ended && !isTakenBack) throw result.ended.error;
  await noteImported(ctx, { id, actId, rows, rejected: await countProblems(ctx.db, id) });
  await rm(path, { force: true });
  return 'done';
}
