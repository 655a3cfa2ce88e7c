import type { Detail } from './card-view.ts';

/** Size of some HTML: decoded, and as quoted-printable. */
export interface Size {
  octets: number;
  encodedOctets: number;
}

/** A paper as shown: which one, and in how much detail. */
export interface Shown {
  index: number;
  detail: Detail;
}

/** Newsletters of ten papers or fewer stay light; none comes near the 102 KiB at which Gmail cuts (counted before and after encoding by different testers). */
const LIGHT: Size = { octets: 60_000, encodedOctets: 80_000 };
const MOST: Size = { octets: 95_000, encodedOctets: 100_000 };
const LIGHT_PAPERS = 10;

/**
 * Chooses how much of each paper is shown so that the mail stays within its size, whatever comes: the last papers lose their
 * excerpt first, then keep only their title, then stand on the web alone. The first paper always stays.
 */
export function fitToBudget(count: number, rest: Size, sizeOf: (index: number, detail: Detail) => Size): Shown[] {
  const limit = count <= LIGHT_PAPERS ? LIGHT : MOST;
  const total: Size = { octets: rest.octets, encodedOctets: rest.encodedOctets };
  const shown: Shown[] = [];
  for (let index = 0; index < count; index++) {
    shown.push({ index, detail: 'excerpt' });
    add(total, sizeOf(index, 'excerpt'), 1);
  }
  const fits = () => total.octets <= limit.octets && total.encodedOctets <= limit.encodedOctets;
  if (fits()) return shown; // nearly always
  for (const detail of ['sentence', 'title'] as const) {
    for (let at = count - 1; at >= 0 && !fits(); at--) {
      const paper = shown[at];
      if (!paper) continue;
      add(total, sizeOf(at, paper.detail), -1);
      add(total, sizeOf(at, detail), 1);
      paper.detail = detail;
    }
  }
  while (shown.length > 1 && !fits()) {
    const dropped = shown.pop();
    if (dropped) add(total, sizeOf(dropped.index, dropped.detail), -1);
  }
  return shown;
}

function add(total: Size, size: Size, sign: 1 | -1): void {
  total.octets += sign * size.octets;
  total.encodedOctets += sign * size.encodedOctets;
}
