import { createReadStream } from 'node:fs';

/** A line of a file, without its end, and where it stands. */
export interface RawLine {
  text: string;
  /** Byte at which it begins, and how many it has, its end included. */
  from: number;
  length: number;
  /** The file ends without an end of this line. */
  cut: boolean;
}

const NEWLINE = 0x0a;

/** Reads a file line by line, a part of it in memory at a time. */
export async function* rawLines(path: string): AsyncGenerator<RawLine> {
  let rest: Buffer = Buffer.alloc(0);
  let from = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk as Buffer]) : (chunk as Buffer);
    let begins = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, begins)) {
      const length = end + 1 - begins;
      yield { text: bytes.toString('utf8', begins, end), from, length, cut: false };
      from += length;
      begins = end + 1;
    }
    rest = bytes.subarray(begins);
  }
  if (rest.length > 0) yield { text: rest.toString('utf8'), from, length: rest.length, cut: true };
}
