import { CommanderError } from 'commander';
import { AppError, messageOf } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';

/** Ends the process after an error: 2 for bad usage or bad input, 1 for anything else. Says what, where and what was expected on stderr. */
export function exitWith(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : 2);
  const expected = error instanceof AppError;
  process.stderr.write(`offprint: ${withoutSecrets(messageOf(error))}\n`);
  if (!expected && error instanceof Error && error.stack) process.stderr.write(`${withoutSecrets(error.stack)}\n`);
  process.exit(expected && error.code === 'bad-input' ? 2 : 1);
}
