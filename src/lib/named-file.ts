import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from './errors.ts';

/** Reads the text of a file that somebody named. Throws AppError bad-input where it is not there or cannot be read. */
export async function readNamedFile(path: string, expected: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file' : messageOf(error);
    throw new AppError('bad-input', `${path}: ${why}; expected ${expected}`, { cause: error });
  }
}
