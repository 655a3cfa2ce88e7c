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

/** The best paper leads, so many follow as cards: all of a few, two of many; ten papers are then four screens. */
const CARDS_OF_FEW = 4;
const CARDS = 2;

/** Ways to show less, mildest first; what is shown in less than that stays as it is. */
const LESS: readonly { than: readonly Detail[]; detail: Detail }[] = [
  { than: ['lead', 'excerpt'], detail: 'sentence' },
  { than: ['lead', 'excerpt', 'sentence'], detail: 'title' },
];

/** Returns how much of a paper is shown where there is room; `rank` 0 is the best one of so many. */
export function detailAt(rank: number, count: number): Detail {
  if (rank === 0) return 'lead';
  return rank <= (count <= CARDS_OF_FEW + 1 ? CARDS_OF_FEW : CARDS) ? 'excerpt' : 'title';
}

/**
 * Returns how much of each paper is wanted: the best ones keep most room, wherever their groups stand, and what the
 * editor chose is a card.
 */
export function wantedDetails<Paper extends { picked?: true }>(
  ranked: readonly Paper[],
  inOrder: readonly Paper[],
): Detail[] {
  return inOrder.map((paper) => {
    const detail = detailAt(ranked.indexOf(paper), ranked.length); // few enough to be looked through
    return paper.picked && detail === 'title' ? 'excerpt' : detail;
  });
}

/**
 * Chooses how much of each paper is shown so that the mail stays within its size, whatever comes: the last papers lose
 * their excerpt first, then keep only their title, then stand on the web alone. The first paper always stays. `wanted`
 * is what is shown where there is room. Returns the detail of each paper that is shown, in order.
 */
export function fitToBudget(
  wanted: readonly Detail[],
  rest: Size,
  sizeOf: (index: number, detail: Detail) => Size,
): Detail[] {
  const total: Size = { octets: rest.octets, encodedOctets: rest.encodedOctets };
  const shown = [...wanted];
  for (const [index, detail] of shown.entries()) addTo(total, sizeOf(index, detail));
  const fits = () => isWithin(total, wanted.length);
  for (const { than, detail } of LESS) {
    for (let at = shown.length - 1; at >= 0 && !fits(); at--) {
      const now = shown[at];
      if (now === undefined || !than.includes(now)) continue;
      takeFrom(total, sizeOf(at, now));
      addTo(total, sizeOf(at, detail));
      shown[at] = detail;
    }
  }
  while (shown.length > 1 && !fits()) {
    const dropped = shown.pop();
    if (dropped) takeFrom(total, sizeOf(shown.length, dropped));
  }
  return shown;
}

/** Tells whether a newsletter of so many papers may be as large. */
export function isWithin({ octets, encodedOctets }: Size, papers: number): boolean {
  const limit = papers <= LIGHT_PAPERS ? LIGHT : MOST;
  return octets <= limit.octets && encodedOctets <= limit.encodedOctets;
}

/** Adds a size to a total. */
export function addTo(total: Size, size: Size): void {
  total.octets += size.octets;
  total.encodedOctets += size.encodedOctets;
}

function takeFrom(total: Size, size: Size): void {
  total.octets -= size.octets;
  total.encodedOctets -= size.encodedOctets;
}
