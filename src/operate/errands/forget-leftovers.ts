import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Context } from '../../context.ts';
import { forgetFilters, forgetImportRows, listOpenImports } from '../../db/operator/errand-leftovers.ts';
import { dropImport } from './import-file.ts';

const DAY_MS = 86_400_000;
/** How long a file waits for somebody to say what its columns are. */
const DRAFT_MS = 7 * DAY_MS;
/** How long a file lies that no import wants any more, in case it is being handed in. */
const LEFT_MS = DAY_MS;
/** How long it can be read which rows of an import were not taken in. */
const REPORT_MS = 90 * DAY_MS;

/**
 * Lets go of what long work leaves that holds addresses: drafts of imports that nobody decides about, files on this
 * machine that no import wants any more, which rows were not taken in, and by whose address a list was narrowed.
 * Returns how many files and rows.
 */
export async function forgetLeftovers(ctx: Context): Promise<Record<string, number>> {
  const before = (ms: number) => new Date(ctx.now().getTime() - ms);
  let forgottenFiles = 0;
  const wanted = new Set<string>();
  for (const { id, stored, draftSince } of await listOpenImports(ctx.db)) {
    const isLeft = draftSince !== null && draftSince < before(DRAFT_MS);
    if (isLeft && (await dropImport(ctx, id))) forgottenFiles++;
    else wanted.add(stored);
  }
  const folder = join(ctx.config.DATA_DIR, 'imports');
  for (const name of await readdir(folder).catch(ifGone([]))) {
    const path = join(folder, name);
    const file = await stat(path).catch(ifGone(null));
    if (!file?.isFile() || wanted.has(name) || file.mtime >= before(LEFT_MS)) continue;
    await rm(path, { force: true });
    forgottenFiles++;
  }
  await forgetFilters(ctx.db);
  return { forgottenFiles, forgottenRows: await forgetImportRows(ctx.db, before(REPORT_MS)) };
}

/** Where nothing was handed in there is no folder, and none is made; a file may go while it is looked at. */
function ifGone<T>(instead: T): (error: NodeJS.ErrnoException) => T {
  return (error) => {
    if (error.code === 'ENOENT') return instead;
    throw error;
  };
}
