import { createInterface } from 'node:readline/promises';
import { InvalidArgumentError, Option } from 'commander';
import { loadConfig } from '../config.ts';
import { AppError } from '../lib/errors.ts';
import { isDate } from '../lib/time.ts';
import { SELECTIVITIES } from '../model/match.ts';
import { openContext, type OpenContext, type OpenOptions } from '../create-context.ts';

/** Opens a context, hands it to `work` and closes it whatever happens. Returns what `work` returned. */
export async function withContext<T>(work: (ctx: OpenContext) => Promise<T>, options: OpenOptions = {}): Promise<T> {
  const ctx = await openContext(loadConfig(), options);
  try {
    return await work(ctx);
  } finally {
    await ctx.close();
  }
}

/** Prints one object as one line of JSON on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(
    `${JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? Number(part) : part))}\n`,
  );
}

/** Prints rows as an aligned table on stdout; says `empty` where there are none. */
export function printTable(rows: Record<string, string | number | null | undefined>[], empty: string): void {
  const first = rows[0];
  if (!first) {
    process.stdout.write(`${empty}\n`);
    return;
  }
  const columns = Object.keys(first);
  const cells = [columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '–')))];
  const widths = columns.map((_, index) => Math.max(...cells.map((line) => line[index]?.length ?? 0)));
  for (const line of cells) {
    process.stdout.write(
      `${line
        .map((cell, index) => cell.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

/** Asks before something that cannot be undone; without a terminal the answer is no. */
export async function confirmOnTerminal(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) return false;
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await prompt.question(`${question} [y/N] `);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}

/**
 * Asks before something that cannot be undone, unless `--yes` was given; says so where the answer is no.
 * Throws AppError bad-input where there is no terminal to ask on.
 */
export async function agreed(question: string, flags: { yes?: boolean; json?: boolean }): Promise<boolean> {
  if (flags.yes) return true;
  if (!process.stdin.isTTY) throw new AppError('bad-input', `${question} Nobody is here to ask: --yes says so.`);
  if (await confirmOnTerminal(question)) return true;
  if (!flags.json) process.stdout.write('Nothing was done.\n');
  else printJson({ outcome: 'declined' });
  return false;
}

/** Parses an option that is a whole number from `min` on. */
export function wholeNumberOption(min: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!Number.isInteger(value) || value < min)
      throw new InvalidArgumentError(`expected a whole number from ${min} on`);
    return value;
  };
}

/** Parses an option that is an instant (ISO 8601). */
export function instantOption(text: string): Date {
  const instant = new Date(text);
  if (!/^\d{4}-\d{2}-\d{2}T/.test(text) || Number.isNaN(instant.getTime())) {
    throw new InvalidArgumentError('expected an instant such as 2025-12-31T08:00:00Z');
  }
  return instant;
}

/** Parses an option that is a date, YYYY-MM-DD. */
export function dateOption(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError('expected a date such as 2025-12-31');
  return text;
}

/** Parses an option that may be given several times into a list. */
export function listOption(text: string, before: string[] = []): string[] {
  return [...before, text];
}

/** Makes the option that says how sure a paper must be. */
export function selectivityOption(): Option {
  return new Option('--selectivity <line>', 'how sure a paper must be: only sure ones, normal, a few more').choices([
    ...SELECTIVITIES,
  ]);
}

/** Says what keeps the operator waiting. */
export function onWait(host: string, ms: number): void {
  process.stderr.write(`Waiting ${Math.ceil(ms / 1_000)} s for ${host} …\n`);
}
