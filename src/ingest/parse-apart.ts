import { AppError, messageOf } from '../lib/errors.ts';
import { startThread } from '../lib/thread.ts';
import type { ParsedDigest } from '../model/digest.ts';
import { isPacked } from './capture.ts';
import type { Parsed } from './parsing-thread.ts';
import type { DayHints } from './sources/list-day.ts';

/** What reading one capture may take. */
export interface ParseLimits {
  /** Bytes up to which a capture is read at once: a few milliseconds. The longest real list, 0.6 MB, is beyond it. */
  inPlaceBytes: number;
  milliseconds: number;
  /** Of the thread's heap. */
  megabytes: number;
}

/** The longest real list takes a tenth of a second and 60 MB; 20 MB of sound JSON take a second and 300 MB. */
const LIMITS: ParseLimits = { inPlaceBytes: 256 * 1024, milliseconds: 60_000, megabytes: 768 };

const THREAD = new URL(`./parsing-thread${import.meta.url.slice(import.meta.url.lastIndexOf('.'))}`, import.meta.url);

/**
 * Reads a capture as parseCapture does, a long one on a thread of its own, since web server and mails share this one.
 * What takes too long or too much memory is refused like any other capture that is no digest. The parsers are loaded
 * when first used. Throws AppError bad-input for what is none; unavailable where there is no thread to have.
 */
export async function parseCaptureApart(
  bytes: Uint8Array,
  hints: DayHints,
  limits: ParseLimits = LIMITS,
  module = THREAD,
): Promise<ParsedDigest> {
  if (bytes.length <= limits.inPlaceBytes && !isPacked(bytes)) {
    const { parseCapture } = await import('./parse-capture.ts'); // all parsers together take 20 MB
    return parseCapture(bytes, hints);
  }
  const answer = await parseOnThread(bytes, hints, limits, module);
  if ('digest' in answer) return answer.digest;
  if ('fault' in answer) throw new Error(answer.fault);
  throw new AppError('bad-input', answer.problem, answer.said && { said: answer.said });
}

function parseOnThread(
  bytes: Uint8Array,
  hints: DayHints,
  { milliseconds, megabytes }: ParseLimits,
  module: URL,
): Promise<Parsed> {
  return new Promise((resolve, reject) => {
    const refuse = (what: string, kind: 'slow' | 'heavy', most: number) => {
      const said = { name: 'capture.endless', values: { file: hints.name, kind, most } };
      resolve({ problem: `${hints.name}: ${bytes.length} bytes ${what}; expected a day's list of papers`, said });
    };
    const thread = startThread(module, { bytes, hints }, { maxOldGenerationSizeMb: megabytes });
    const timer = setTimeout(() => {
      const seconds = milliseconds / 1000;
      refuse(`took more than ${seconds} s to read`, 'slow', seconds);
      void thread.terminate();
    }, milliseconds);
    thread.once('message', resolve);
    thread.once('error', (error) => {
      if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
        refuse(`took more than ${megabytes} MB of memory to read`, 'heavy', megabytes);
      else reject(new AppError('unavailable', `${hints.name}: the thread that reads it: ${messageOf(error)}`));
    });
    thread.once('exit', (code) => {
      clearTimeout(timer);
      // Unless it has answered.
      reject(new AppError('unavailable', `${hints.name}: the thread that reads it ended with ${code}`));
    });
  });
}
