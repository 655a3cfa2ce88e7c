import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import type { Request, RequestHandler, Response } from 'express';
import { keepFields, type Fields } from './bodies.ts';
import { storable } from './parameters.ts';

/** A file that came with a form, on disk. */
export interface StreamedFile {
  path: string;
  name: string;
  bytes: number;
  /** Too long: nothing of it is kept. */
  tooLong: boolean;
}

/** Longest text field beside a file, and the head of a part, in bytes. */
const LONGEST_FIELD = 64 * 1024;
const END_OF_HEAD = Buffer.from('\r\n\r\n');

/**
 * Takes the file of a multipart form (RFC 7578) to disk as it comes, in little memory; the form's other fields are read
 * as those of any form. Whoever wants the file claims it while answering, else it is deleted then.
 */
export function streamFile(pathFor: () => Promise<string>, maxBytes: number): RequestHandler {
  return async (req, res, next) => {
    const boundary = /boundary=(?:"([^"]{1,100})"|([^;]{1,100}))/i.exec(req.get('content-type') ?? '');
    const mark = boundary?.[1] ?? boundary?.[2];
    const fields: Fields = new Map();
    if (req.is('multipart/form-data') && mark) {
      const parts = new Parts(req, `\r\n--${mark}`);
      const file = await parts.read(fields, pathFor, maxBytes);
      if (file) {
        (res.locals as { streamed?: StreamedFile }).streamed = file;
        res.once('close', () => {
          if ((res.locals as { streamed?: StreamedFile }).streamed === file) void rm(file.path, { force: true });
        });
      }
    }
    keepFields(req, fields);
    next();
  };
}

/** Returns the file that came with a form, which is the caller's from now on; null where there is none. */
export function claimFile(res: Response): StreamedFile | null {
  const locals = res.locals as { streamed?: StreamedFile };
  const { streamed = null } = locals;
  if (streamed && !streamed.tooLong) delete locals.streamed;
  return streamed;
}

/** Whoever sent it went away, or was cut off: no fault of ours, though the system's code is that of a lost database. */
class BrokenOff extends Error {
  readonly status = 400;
}

/** A multipart body, part after part. */
class Parts {
  readonly #chunks: AsyncIterator<Buffer>;
  readonly #mark: Buffer;
  #held = Buffer.from('\r\n');
  #ended = false;

  constructor(req: Request, mark: string) {
    this.#chunks = (req as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
    this.#mark = Buffer.from(mark, 'latin1');
  }

  /** Reads fields up to the first file, and that; what follows is read and left. */
  async read(fields: Fields, pathFor: () => Promise<string>, maxBytes: number): Promise<StreamedFile | null> {
    await this.#upTo(this.#mark, () => Promise.resolve());
    for (;;) {
      const head: Buffer[] = [];
      if (!(await this.#upTo(END_OF_HEAD, keepIn(head, LONGEST_FIELD)))) return null;
      const text = Buffer.concat(head).toString('utf8');
      if (text.startsWith('--')) return null;
      const name = /[; ]name="([^"]*)"/i.exec(text)?.[1] ?? '';
      const filename = /filename="([^"]*)"/i.exec(text)?.[1];
      if (filename !== undefined) {
        const path = await pathFor().catch(async (error: unknown) => {
          await this.#drain(); // as where the disk fails later
          throw error;
        });
        const file = await this.#toDisk(path, storable(filename).slice(-200), maxBytes);
        return file.bytes === 0 ? (await rm(file.path, { force: true }), null) : file;
      }
      const value: Buffer[] = [];
      await this.#upTo(this.#mark, keepIn(value, LONGEST_FIELD));
      fields.set(name, [...(fields.get(name) ?? []), storable(Buffer.concat(value).toString('utf8'))]);
    }
  }

  /**
   * Where the disk fails, the rest is read and left before that is told: a browser reads no answer before all is sent.
   * What came of a file that does not come whole is deleted.
   */
  async #toDisk(path: string, name: string, maxBytes: number): Promise<StreamedFile> {
    const out = createWriteStream(path, { mode: 0o600 });
    const closed = finished(out);
    closed.catch(() => {}); // it may fail at any time, and is looked at when all is read
    let bytes = 0;
    try {
      await this.#upTo(this.#mark, async (data) => {
        bytes += data.length;
        if (bytes <= maxBytes && !out.destroyed && !out.write(data)) await once(out, 'drain').catch(() => {});
      });
      await this.#drain();
      out.end();
      await closed;
    } catch (error) {
      out.destroy();
      await closed.catch(() => {});
      await rm(path, { force: true });
      throw error;
    }
    return { path, name, bytes, tooLong: bytes > maxBytes };
  }

  /** Hands on what comes before a mark and passes over that; false where the body ends first. */
  async #upTo(mark: Buffer, take: (data: Buffer) => Promise<void>): Promise<boolean> {
    for (;;) {
      const at = this.#held.indexOf(mark);
      if (at >= 0) {
        await take(this.#held.subarray(0, at));
        this.#held = this.#held.subarray(at + mark.length);
        return true;
      }
      const sure = Math.max(0, this.#held.length - mark.length + 1);
      if (sure > 0) await take(this.#held.subarray(0, sure));
      this.#held = this.#held.subarray(sure);
      if (!(await this.#more())) return false;
    }
  }

  async #more(): Promise<boolean> {
    if (this.#ended) return false;
    const next = await this.#chunks.next().catch((cause: unknown) => {
      throw new BrokenOff('The request ended before its form did', { cause });
    });
    this.#ended = next.done === true;
    if (!next.done) this.#held = Buffer.concat([this.#held, next.value]);
    return !this.#ended;
  }

  async #drain(): Promise<void> {
    this.#held = Buffer.alloc(0);
    while (await this.#more()) this.#held = Buffer.alloc(0);
  }
}

function keepIn(kept: Buffer[], most: number): (data: Buffer) => Promise<void> {
  let length = 0;
  return (data) => {
    length += data.length;
    if (length <= most) kept.push(Buffer.from(data));
    return Promise.resolve();
  };
}
