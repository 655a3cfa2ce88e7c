import type { Worker } from 'node:worker_threads';
import { AppError, messageOf } from '../../lib/errors.ts';
import { startThread } from '../../lib/thread.ts';
import type { Mail } from '../../model/mail.ts';
import type { DkimKey } from './dkim.ts';
import type { Signed } from './signing-thread.ts';

/** A mail that waits for its signatures. */
interface Waiting {
  mail: Mail;
  resolve: (fields: string) => void;
  reject: (error: AppError) => void;
}

/** Most mails handed to the thread at once: a few milliseconds of work. */
const BATCH = 16;
/** Batches the thread has: one to work on, one to go on with at once. */
const BATCHES = 2;
/** Times in a row that it ends before it has signed anything, after which the mails that wait are given up. */
const TRIES = 3;

const THREAD = new URL(`./signing-thread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/**
 * Opens the signing of mails, on a thread of its own that starts with the first one: a signature takes longer than all
 * else that is done for a mail, and the event loop has the servers to attend to. What waits goes over together, since a
 * message between threads costs about as much as composing a mail; mails in shared memory are not copied. Where the
 * thread ends it is started again. Rejects with AppError unavailable: that a mail cannot be signed is never the mail's
 * fault.
 */
export function openSigner(keys: readonly DkimKey[], module = THREAD): (mail: Mail) => Promise<Mail> {
  if (keys.length === 0) return (mail) => Promise.resolve(mail);
  const desk: Desk = {
    begin: () => startThread(module, keys),
    waiting: [],
    inHand: [],
    thread: null,
    failures: 0,
    soon: false,
  };
  return async (mail) => {
    const fields = await new Promise<string>((resolve, reject) => {
      desk.waiting.push({ mail, resolve, reject });
      if (!desk.soon) setImmediate(handOver, desk); // with whatever else comes in this turn of the event loop
      desk.soon = true;
    });
    return withInFront(mail, fields);
  };
}

/** Where mails wait to be signed. */
interface Desk {
  begin: () => Worker;
  waiting: Waiting[];
  /** Batches that the thread has, the oldest first. */
  inHand: Waiting[][];
  thread: Worker | null;
  /** Threads in a row that ended before they signed anything. */
  failures: number;
  /** Whether what waits is about to be handed over. */
  soon: boolean;
}

function handOver(desk: Desk): void {
  desk.soon = false;
  while (desk.waiting.length > 0 && desk.inHand.length < BATCHES) {
    try {
      desk.thread ??= start(desk);
    } catch (error) {
      return refuse(desk, `no thread: ${messageOf(error)}`); // the system has none to give
    }
    desk.thread.ref();
    const batch = desk.waiting.splice(0, BATCH);
    desk.inHand.push(batch);
    desk.thread.postMessage(batch.map(({ mail }) => mail.raw));
  }
}

function start(desk: Desk): Worker {
  const thread = desk.begin();
  let problem = '';
  thread.on('message', (answers: Signed[]) => settle(desk, thread, answers));
  thread.on('error', (error) => (problem = `: ${messageOf(error)}`));
  thread.on('messageerror', () => void thread.terminate());
  thread.on('exit', (code) => startAgain(desk, `the thread for it has ended with ${code}${problem}`));
  return thread;
}

/** Answers those whose mails were signed, after the thread was given its next batch. */
function settle(desk: Desk, thread: Worker, answers: Signed[]): void {
  desk.failures = 0;
  const batch = desk.inHand.shift() ?? [];
  handOver(desk);
  if (desk.inHand.length === 0) thread.unref(); // it keeps no process from ending
  for (const [at, { resolve, reject }] of batch.entries()) {
    const answer = answers[at];
    if (answer && 'fields' in answer) resolve(answer.fields);
    else reject(unavailable(answer?.problem ?? 'no answer'));
  }
}

function startAgain(desk: Desk, problem: string): void {
  desk.thread = null;
  desk.failures += 1;
  desk.waiting.unshift(...desk.inHand.splice(0).flat());
  if (desk.failures < TRIES) handOver(desk);
  else refuse(desk, problem);
}

function refuse(desk: Desk, problem: string): void {
  for (const { reject } of desk.waiting.splice(0)) reject(unavailable(problem));
}

function unavailable(problem: string): AppError {
  return new AppError('unavailable', `mails cannot be signed with DKIM: ${problem}`);
}

/** Puts header fields in front of a mail: into the room that was left for them, else into new memory. */
function withInFront(mail: Mail, fields: string): Mail {
  const { raw, room = 0 } = mail;
  if (fields.length > room) return { ...mail, room: 0, raw: Buffer.concat([Buffer.from(fields, 'latin1'), raw]) };
  const whole = Buffer.from(raw.buffer, raw.byteOffset - fields.length, fields.length + raw.length);
  whole.write(fields, 0, 'latin1');
  return { ...mail, room: room - fields.length, raw: whole };
}
