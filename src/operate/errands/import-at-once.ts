import type { Readable } from 'node:stream';
import type { Context } from '../../context.ts';
import { transaction } from '../../db/client.ts';
import { recordAct } from '../../db/operator/audit.ts';
import { createErrand, endErrand } from '../../db/operator/errands.ts';
import { oneLine, saidOf } from '../../lib/errors.ts';
import type { Actor } from '../../model/actor.ts';
import type { ColumnMap } from '../../subscribers/csv/header.ts';
import { importCsv, type ImportResult } from '../../subscribers/import-csv.ts';
import { keepRejected, noteImport, noteImported } from './note-import.ts';

/** A file that somebody waits for. */
export interface ImportNow {
  /** How the file is called. */
  name: string;
  map: ColumnMap;
  actor: Actor;
  progress?: (rows: number) => void;
  signal?: AbortSignal;
}

/** Rows of one statement. */
const SOME = 1_000;

/**
 * Takes a file in while somebody waits. It is one act all the same, and can be taken back like an import that a page
 * began: `act` names it, null where there is nothing to take back. Throws AppError bad-input for what is no such CSV.
 */
export async function importAtOnce(
  ctx: Context,
  file: Readable,
  { name, progress, ...wish }: ImportNow,
): Promise<ImportResult & { act: bigint | null }> {
  let begun: { id: number; actId: bigint } | null = null;
  let rows = 0;
  const result = await importCsv(ctx, file, {
    ...wish,
    progress: (read) => {
      rows = read;
      progress?.(read);
    },
    begin: async () => {
      begun = await begin(ctx, name, wish.actor);
      return { id: begun.id, note: noteImport(ctx, begun, () => rows) };
    },
  });
  const act = begun as { id: number; actId: bigint } | null; // set while the file was read
  if (!act) return { ...result, act: null };
  const noted = noteEnd(ctx, { ...act, rows }, result);
  // Where the database is away, what ended the import is told, not that it could not be noted.
  await (result.ended ? noted.catch(() => {}) : noted);
  return { ...result, act: act.actId };
}

async function noteEnd(
  ctx: Context,
  { id, actId, rows }: { id: number; actId: bigint; rows: number },
  { rejected, ended }: ImportResult,
): Promise<void> {
  for (let from = 0; from < rejected.length; from += SOME)
    await keepRejected(ctx, id, rejected.slice(from, from + SOME));
  await noteImported(ctx, { id, actId, rows, rejected: rejected.length });
  const why = ended && { error: oneLine(ended.error), said: saidOf(ended.error) };
  await endErrand(ctx.db, id, { ...(why ?? { state: 'done', error: null }), finishedAt: ctx.now() });
}

/** Notes it as ended early until it is known to be whole: no job goes on with it, whoever kills it. */
async function begin(ctx: Context, file: string, actor: Actor): Promise<{ id: number; actId: bigint }> {
  const now = ctx.now();
  return transaction(ctx.db, async (tx) => {
    const actId = await recordAct(tx, { at: now, actor, action: 'readers.import', detail: { file } });
    const given = { kind: 'readers.import', wish: { file, import: true }, actor, now, actId };
    return { id: await createErrand(tx, { ...given, state: 'failed' }), actId };
  });
}
