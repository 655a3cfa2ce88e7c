import { CommanderError } from 'commander';
import { AppError, messageOf } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';

/**
 * Ends the process after an error: 2 for bad usage or bad input, 1 for anything else. Says what, where and what was
 * expected on stderr.
 */
export function exitWith(error: unknown): void {
  if (error instanceof CommanderError) return exit(error.exitCode === 0 ? 0 : 2);
  const expected = error instanceof AppError;
  process.stderr.write(`offprint: ${withoutSecrets(messageOf(error))}\n`);
  if (!expected && error instanceof Error && error.stack) process.stderr.write(`${withoutSecrets(error.stack)}\n`);
  exit(expected && error.code === 'bad-input' ? 2 : 1);
}

/**
 * Exits once everything said has left: a pipe is written to in the background, and what waits there would be cut off.
 * A process that ends by itself waits for what V8 still compiles for later: a tenth of a short command.
 */
export function exit(code = Number(process.exitCode ?? 0)): void {
  process.exitCode = code;
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

let shows = false;

/** Says that from here on this command only shows something: it ends well once nobody reads that any more. */
export function onlyShows(): void {
  shows = true;
}

/**
 * Lets whoever reads along stop reading (`| head`): what is said then is lost, and work that was begun goes on to its
 * end, since mails or reports that are left in the middle are worse. The exit code says how it went.
 */
export function goOnUnheard(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      if (shows && stream === process.stdout) process.exit(0);
    });
}
