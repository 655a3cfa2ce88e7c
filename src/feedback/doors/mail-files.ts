import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { AppError, messageOf } from '../../lib/errors.ts';
import { addressIn } from '../delivery-status.ts';
import { splitMbox } from './split-mbox.ts';

/** A mail that was found in a file. */
export interface FoundMail {
  /** The file, with the mail's number where it holds several. */
  name: string;
  bytes: Buffer;
  /** How far the file is read, and how long it is, in bytes or mails; null where nobody knows. */
  done: number;
  total: number | null;
}

/** How a place is read. */
export interface Reading {
  /** The standard input, as `-`. */
  stdin: Readable;
  /** One mail at most is in a file, whatever it begins with. */
  isOne?: boolean;
  /** Bytes of a mail that are kept. */
  most: number;
}

/** Where the mail of a Maildir lies (https://cr.yp.to/proto/maildir.html). */
const MAILDIR = ['new', 'cur'];

/**
 * Reads the mails of a file with one mail, an mbox, a Maildir, or the standard input. Throws AppError bad-input where
 * there is nothing that can be read.
 */
export async function* mailsIn(path: string, reading: Reading): AsyncGenerator<FoundMail, void, undefined> {
  try {
    const there = path === '-' ? null : await stat(path);
    if (there?.isDirectory()) return yield* inMaildir(path, reading.most);
    const stream = there === null ? reading.stdin : createReadStream(path, { highWaterMark: 256 * 1024 });
    yield* inStream(path, stream as AsyncIterable<Buffer>, { ...reading, total: there?.size ?? null });
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('bad-input', `${path}: ${messageOf(error)}; expected a mail, an mbox or a Maildir`);
  }
}

async function* inMaildir(folder: string, most: number): AsyncGenerator<FoundMail, void, undefined> {
  const there = (await readdir(folder, { withFileTypes: true })).flatMap((each) =>
    each.isDirectory() ? each.name : [],
  );
  const subfolders = MAILDIR.filter((name) => there.includes(name));
  if (subfolders.length === 0)
    throw new AppError('bad-input', `${folder}: it has neither new/ nor cur/; expected a mail, an mbox or a Maildir`);
  const files: string[] = [];
  for (const subfolder of subfolders) {
    const names = (await readdir(join(folder, subfolder))).filter((name) => !name.startsWith('.')).sort();
    files.push(...names.map((name) => join(folder, subfolder, name)));
  }
  for (const [at, name] of files.entries()) {
    const bytes = await headOf(name, most);
    if (bytes) yield { name, bytes, done: at + 1, total: files.length };
  }
}

/** Reads a file; null where a mail program moved it meanwhile. */
async function headOf(file: string, most: number): Promise<Buffer | null> {
  try {
    const handle = await open(file);
    try {
      const bytes = Buffer.alloc(Math.min((await handle.stat()).size, most));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

async function* inStream(
  path: string,
  stream: AsyncIterable<Buffer>,
  { isOne = false, most, total }: Reading & { total: number | null },
): AsyncGenerator<FoundMail, void, undefined> {
  let done = 0;
  const counted = async function* () {
    for await (const chunk of stream) {
      done += chunk.length;
      yield chunk;
    }
  };
  const chunks = counted();
  const first = await nextWith(chunks, 5);
  const all = prepended(first, chunks);
  const isMbox = first.subarray(0, 5).toString() === 'From ';
  if (!isMbox || isOne) {
    const bytes = await gathered(all, most);
    if (bytes.length === 0) throw new AppError('bad-input', `${path}: it is empty; expected a mail`);
    yield { name: path, bytes, done, total };
    return;
  }
  let count = 0;
  for await (const bytes of splitMbox(all, most)) yield { name: `${path}#${++count}`, bytes, done, total };
  if (count === 0) throw new AppError('bad-input', `${path}: it holds no mail; expected an mbox with «From » lines`);
}

/** Reads at least so many bytes, where there are. */
async function nextWith(chunks: AsyncGenerator<Buffer>, least: number): Promise<Buffer> {
  let read: Buffer = Buffer.alloc(0);
  while (read.length < least) {
    const next = await chunks.next();
    if (next.done === true) break;
    read = Buffer.concat([read, next.value]);
  }
  return read;
}

async function* prepended(first: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  yield first;
  yield* rest;
}

async function gathered(chunks: AsyncIterable<Buffer>, most: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    const kept = chunk.subarray(0, most - size);
    size += kept.length;
    if (kept.length > 0) pieces.push(kept);
  }
  return Buffer.concat(pieces);
}

/** Where servers that put a mail into a mailbox note whom its envelope named. */
const ENVELOPE = /^(?:delivered-to|x-original-to|envelope-to):(.{1,400})/gim;
const MOST_HEADER = 64 * 1024;
const MOST_RECIPIENTS = 20;

/** Reads from the header of a mail whom its envelope named, in small letters. */
export function envelopeRecipients(mail: Buffer): string[] {
  const text = mail.toString('latin1', 0, MOST_HEADER);
  const end = /\r?\n\r?\n/.exec(text)?.index ?? text.length;
  const named = [...text.slice(0, end).matchAll(ENVELOPE)].flatMap(([, value = '']) => addressIn(value) ?? []);
  return [...new Set(named)].slice(0, MOST_RECIPIENTS);
}
