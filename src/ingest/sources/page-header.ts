import { readPrintedDate, type PrintedDate } from './list-day.ts';
import { isOfByline } from './page-bylines.ts';

/** The lines that stand above the papers on the page, beside the day. */
const HEADER =
  /^(new|get trending papers in your email inbox.*|subscribe|log in|sign up|#*\s*daily papers|trending papers|(##\s*)?by\s*\[?ak\]?.*|[-•]?\s*daily|[-•]?\s*weekly|[-•]?\s*monthly)$/i;

const HEADER_NAME = /daily papers|trending papers in your email/i;
/** The longest title of 558 days of real lists has about 200 characters. */
const LONGEST_TITLE = 300;

/**
 * Finds where the papers begin: below the last day that stands alone above the first abstract or byline (a copy of the
 * whole window has more lines there than the page's own), else below the last line of the page's own header.
 */
export function findHeader(lines: string[]): { named: boolean; date: PrintedDate | null; end: number } {
  const first = lines.findIndex((line) => line.length > LONGEST_TITLE || isOfByline(line));
  const above = first < 0 ? lines : lines.slice(0, first);
  const named = above.some((line) => HEADER_NAME.test(line));
  const dates = above.flatMap((line, index) => {
    const date = readPrintedDate(line);
    return date ? [{ date, end: index + 1 }] : [];
  });
  const last = dates.at(-1);
  if (last) return { named, ...last };
  const body = above.findIndex((line) => line !== '' && !HEADER.test(line));
  return { named, date: null, end: body < 0 ? above.length : body };
}

/** The lines of one capture, without its header; of those that follow in the same file, its day. */
export interface CapturePart {
  lines: string[];
  date: PrintedDate | null;
}

/**
 * Takes the page's header out from between the papers. With a day it begins another capture in the same file; without,
 * it is a banner that the page repeats.
 */
export function splitAtHeaders(lines: string[]): { parts: CapturePart[]; found: boolean } {
  const part: CapturePart = { lines: [], date: null };
  const parts = [part];
  let found = false;
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? '';
    const open = parts.at(-1) ?? part;
    if (!(HEADER.test(line) && HEADER_NAME.test(line))) {
      open.lines.push(line);
      continue;
    }
    found = true;
    dropAbove(open.lines);
    let date: PrintedDate | null = null;
    for (; index + 1 < lines.length; index++) {
      const next = lines[index + 1] ?? '';
      const printed = readPrintedDate(next);
      if (next !== '' && !printed && !HEADER.test(next)) break;
      date = printed ?? date;
    }
    if (date) parts.push({ lines: [], date });
    else open.lines.push('');
  }
  return { parts, found };
}

/** Drops a header's lines above the one that names it; «new», its first, may hang on a capture's last line. */
function dropAbove(lines: string[]): void {
  const end = lines.findLastIndex((line) => line !== '' && !HEADER.test(line)) + 1;
  const dropped = lines.splice(end);
  const last = lines.at(-1);
  if (last !== undefined && !dropped.includes('new')) lines[end - 1] = last.replace(/(?<=\S)new$/, '');
}
