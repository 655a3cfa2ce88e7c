import type { Detail } from './card-view.ts';

/** Size of some HTML: decoded, and as quoted-printable. */
export interface Size {
  octets: number;
  encodedOctets: number;
}

/**
 * Newsletters of ten papers or fewer stay light; none comes near the 102 KiB at which Gmail cuts (counted before and
 * after encoding by different testers).
 */
const LIGHT: Size = { octets: 60_000, encodedOctets: 80_000 };
const MOST: Size = { octets: 95_000, encodedOctets: 100_000 };
const LIGHT_PAPERS = 10;

/**
 * Chooses how much of each paper is shown so that the mail stays within its size, whatever comes: the last papers lose
 * their excerpt first, then keep only their title, then stand on the web alone. The first paper always stays. Returns
 * the detail of each paper that is shown, in order.
 */
export function fitToBudget(count: number, rest: Size, sizeOf: (index: number, detail: Detail) => Size): Detail[] {
  const limit = count <= LIGHT_PAPERS ? LIGHT : MOST;
  const total: Size = { octets: rest.octets, encodedOctets: rest.encodedOctets };
  const shown: Detail[] = [];
  for (let index = 0; index < count; index++) {
    shown.push('excerpt');
    add(total, sizeOf(index, 'excerpt'), 1);
  }
  const fits = () => total.octets <= limit.octets && total.encodedOctets <= limit.encodedOctets;
  if (fits()) return shown; // nearly always
  for (const detail of ['sentence', 'title'] as const) {
    for (let at = count - 1; at >= 0 && !fits(); at--) {
      add(total, sizeOf(at, shown[at] ?? detail), -1);
      add(total, sizeOf(at, detail), 1);
      shown[at] = detail;
    }
  }
  while (shown.length > 1 && !fits()) {
    const dropped = shown.pop();
    if (dropped) add(total, sizeOf(shown.length, dropped), -1);
  }
  return shown;
}

function add(total: Size, size: Size, sign: 1 | -1): void {
  total.octets += sign * size.octets;
  total.encodedOctets += sign * size.encodedOctets;
}
