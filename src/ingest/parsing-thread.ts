/**
 * The thread that reads one long capture, started by parse-apart.ts: answers with what was read, or why nothing was,
 * and ends.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { AppError, messageOf, type Said } from '../lib/errors.ts';
import type { ParsedDigest } from '../model/digest.ts';
import { parseCapture } from './parse-capture.ts';
import type { DayHints } from './sources/list-day.ts';

/** What came of a capture. A fault is ours: a bug, no word on the capture. */
export type Parsed = { digest: ParsedDigest } | { problem: string; said: Said | undefined } | { fault: string };

const { bytes, hints } = workerData as { bytes: Uint8Array; hints: DayHints };
parentPort?.postMessage(parsed());

function parsed(): Parsed {
  try {
    return { digest: parseCapture(bytes, hints) };
  } catch (error) {
    if (error instanceof AppError) return { problem: error.message, said: error.said };
    return { fault: error instanceof Error ? (error.stack ?? error.message) : messageOf(error) };
  }
}
