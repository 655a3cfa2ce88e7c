import { open, type FileHandle } from 'node:fs/promises';
import { listFiles } from './files.ts';
import { emptyLine, readerIn, readLine } from './format.ts';
import { rawLines } from './lines.ts';

/**
 * Takes out of every file of a folder what readers did and got, in place and with lines of the same length, so that
 * processes that append to these files notice nothing. That they were erased stays. Returns how many lines went.
 */
export async function forgetReaders(folder: string, readers: ReadonlySet<string>): Promise<number> {
  let forgotten = 0;
  for (const { path } of await listFiles(folder)) forgotten += await forgetIn(path, readers);
  return forgotten;
}

async function forgetIn(path: string, readers: ReadonlySet<string>): Promise<number> {
  let file: FileHandle | null = null;
  let forgotten = 0;
  try {
    for await (const { text, from, length, cut } of rawLines(path)) {
      const reader = cut ? null : readerIn(text);
      if (reader === null || !readers.has(reader)) continue;
      file ??= await open(path, 'r+');
      await file.write(Buffer.from(emptyLine(readLine(text)?.at ?? 0, length)), 0, length, from);
      forgotten += 1;
    }
    await file?.datasync();
  } finally {
    await file?.close();
  }
  return forgotten;
}
