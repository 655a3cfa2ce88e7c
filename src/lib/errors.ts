/** What kind of failure it is, for those who must react: HTTP status and exit code are chosen from it at the edge. */
export type AppErrorCode = 'bad-input' | 'not-found' | 'conflict' | 'unavailable';

/** An expected failure whose message may be shown: what was found, where, what was expected. */
export class AppError extends Error {
  readonly code: AppErrorCode;

  constructor(code: AppErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = 'AppError';
    this.code = code;
  }
}

/** Returns the message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
