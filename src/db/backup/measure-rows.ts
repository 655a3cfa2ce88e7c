import { createHash } from 'node:crypto';
import { Transform, Writable, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What went by of a table. */
export interface Measured {
  rows: number;
  bytes: number;
  sha256: string;
}

const NEWLINE = 10;

/**
 * Makes a stream that passes on what COPY writes and measures it: each row is one line, since COPY writes a line's end
 * inside a value as `\n`. `progress` hears how many rows went
 * by, `ended` what it was in all, before the stream ends.
 */
export function measureRows(
  progress?: (rows: number) => void,
  ended?: (measured: Measured) => void,
): { stream: Transform; measured: () => Measured } {
  const hash = createHash('sha256');
  let [rows, bytes] = [0, 0];
  let sum: Measured | undefined;
  const measured = () => (sum ??= { rows, bytes, sha256: hash.digest('hex') });
  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      bytes += chunk.length;
      for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) rows++;
      progress?.(rows);
      done(null, chunk);
    },
    flush(done) {
      ended?.(measured());
      done();
    },
  });
  return { stream, measured };
}

/** Reads rows to their end and measures them, and keeps nothing. */
export async function measureAll(rows: Readable): Promise<Measured> {
  const { stream, measured } = measureRows();
  await pipeline(rows, stream, new Writable({ write: (_chunk, _encoding, done) => done() }));
  return measured();
}
