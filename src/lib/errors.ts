/** What kind of failure it is, for those who must react: HTTP status and exit code are chosen from it at the edge. */
export type AppErrorCode = 'bad-input' | 'not-found' | 'conflict' | 'unavailable';

/** How a page says a failure in its own language: the string `error.<name>`, and the values in it. */
export interface Said {
  name: string;
  values?: Record<string, string | number>;
}

/**
 * An expected failure whose message may be shown: what was found, where, what was expected. The message is for commands
 * and programs; pages say it by `said` (`errorText`).
 */
export class AppError extends Error {
  readonly code: AppErrorCode;
  readonly said: Said | undefined;

  constructor(code: AppErrorCode, message: string, { cause, said }: { cause?: unknown; said?: Said } = {}) {
    super(message, cause === undefined ? {} : { cause });
    this.name = 'AppError';
    this.code = code;
    this.said = said;
  }
}

/** Returns the message of anything thrown; a name with several addresses fails by each, and says nothing itself. */
export function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Returns how pages say anything thrown; null where only its message is known. */
export function saidOf(error: unknown): Said | null {
  return error instanceof AppError ? (error.said ?? null) : null;
}

/** How Prisma wraps the words of the database about a statement of ours. */
const WRAPPED = /^Raw query failed\. Code: `[^`]*`\. Message: `(.*)`$/;

/** Longest text of an error that is shown or kept, in UTF-16 units. */
const LONGEST = 300;

/**
 * Returns the message of anything thrown as one short line: of what Prisma says, the last, which tells what the
 * database said.
 */
export function oneLine(error: unknown): string {
  const lines = messageOf(error)
    .split('\n')
    .filter((line) => line.trim() !== '');
  const last = (lines.at(-1) ?? 'no reason given').replace(/\s+/g, ' ').trim();
  return (WRAPPED.exec(last)?.[1] ?? last).slice(0, LONGEST);
}
