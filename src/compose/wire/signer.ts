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
 * Opens the signing of mails, on a thread of its own that starts with the first one: a signature takes longer than all else that is
 * done for a mail, and the event loop has the servers to attend to. What waits goes over together, since a message between threads
 * costs about as much as composing a mail; mails in shared memory are not copied. Where the thread ends it is started again. Rejects
 * with AppError unavailable: that a mail cannot be signed is never the mail's fault.
 */
export function openSigner(keys: readonly DkimKey[], module = THREAD): (mail: Mail) => Promise<Mail> {
  if (keys.length === 0) return (mail) => Promise.resolve(mail);
  const waiting: Waiting[] = [];
  const inHand: Waiting[][] = [];
  let thread: Worker | null = null;
  let failures = 0;
  let soon = false;

  function start(): Worker {
    const started = startThread(module, keys);
    started.on('message', (answers: Signed[]) => {
      failures = 0;
      const batch = inHand.shift() ?? [];
      handOver();
      if (inHand.length === 0) started.unref(); // it keeps no process from ending
      for (const [at, { resolve, reject }] of batch.entries()) {
        const answer = answers[at];
        if (answer && 'fields' in answer) resolve(answer.fields);
        else reject(unavailable(answer?.problem ?? 'no answer'));
      }
    });
    let problem = '';
    started.on('error', (error) => (problem = `: ${messageOf(error)}`));
    started.on('messageerror', () => void started.terminate());
    started.on('exit', (code) => {
      thread = null;
      failures += 1;
      waiting.unshift(...inHand.splice(0).flat());
      if (failures < TRIES) handOver();
      else refuse(`the thread for it has ended with ${code}${problem}`);
    });
    return started;
  }

  function refuse(problem: string): void {
    for (const { reject } of waiting.splice(0)) reject(unavailable(problem));
  }

  function handOver(): void {
    soon = false;
    while (waiting.length > 0 && inHand.length < BATCHES) {
      try {
        thread ??= start();
      } catch (error) {
        return refuse(`no thread: ${messageOf(error)}`); // the system has none to give
      }
      thread.ref();
      const batch = waiting.splice(0, BATCH);
      inHand.push(batch);
      thread.postMessage(batch.map(({ mail }) => mail.raw));
    }
  }

  return async (mail) => {
    const fields = await new Promise<string>((resolve, reject) => {
      waiting.push({ mail, resolve, reject });
      if (!soon) setImmediate(handOver); // with whatever else comes in this turn of the event loop
      soon = true;
    });
    return withInFront(mail, fields);
  };
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
