import { createReadStream } from 'node:fs';
import type { Context } from '../context.ts';
import type { Errand } from '../db/operator/errands.ts';
import { errorText } from '../lib/error-text.ts';
import { AppError } from '../lib/errors.ts';
import { importedFile } from '../operate/errands/import-file.ts';
import type { CsvColumn } from '../subscribers/csv/columns.ts';
import { importCsv } from '../subscribers/import-csv.ts';
import { importProblem } from './import-problem.ts';
import type { Saying } from './saying.ts';

/** Rows that a trial reads, and refused ones that it shows. */
const TRIED = 20_000;
const SAMPLES = 10;

/** Checks the first rows of a file, and says what would become of them; changes nothing. */
export async function tryOut(ctx: Context, draft: Errand, map: [string, CsvColumn | null][], { words, count }: Saying) {
  const enough = new AbortController();
  let rows = 0;
  const progress = (read: number) => {
    rows = read;
    if (read >= TRIED) enough.abort();
  };
  try {
    const file = createReadStream(await importedFile(ctx, draft));
    const wish = { actor: 'cli', dryRun: true, map: new Map(map), progress, signal: enough.signal } as const;
    const { counts, rejected, notes: read } = await importCsv(ctx, file, wish);
    const lines = (['confirmed', 'pending', 'unsubscribed'] as const).flatMap((status) =>
      counts[status] === 0 ? [] : [words(`admin.imports.would.${status}`, { n: count(counts[status]) })],
    );
    const taken = (['known', 'suppressed'] as const).flatMap((why) => {
      const n = rejected.filter(({ because }) => because === why).length;
      return n === 0 ? [] : [words(`admin.imports.would.${why}`, { n: count(n) })];
    });
    const bad = rejected.filter(({ because }) => because === undefined);
    const samples = bad.slice(0, SAMPLES).map((row) => `${row.line}: ${row.email} ${importProblem(words, row)}`);
    const rejectedText = bad.length === 0 ? '' : words('admin.imports.would.rejected', { n: count(bad.length) });
    const part = enough.signal.aborted ? words('admin.imports.part', { n: count(rows) }) : '';
    const notes = read.map(({ name, values = {} }) => words(`admin.imports.note.${name}`, values));
    return { problem: '', rows, lines: [...lines, ...taken], rejected: rejectedText, samples, notes, part };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { problem: errorText(error, words), rows, lines: [], rejected: '', samples: [], notes: [], part: '' };
  }
}
