import type { ClaimedDelivery } from '../db/deliveries-claim.ts';

/** Places taken from the common pace at a time, in milliseconds of it. */
const TAKE_MS = 250;

/**
 * Creates a pacer of so many mails a second over all processes: it takes places from the common pace a few at a time and hands them
 * out; each call returns the milliseconds to wait from `nowMs`. Without a rate nothing waits.
 */
export function createPacer(
  ratePerSecond: number | undefined,
  reserve: (places: number, gapMs: number) => Promise<number>,
  nowMs: () => number = () => performance.now(),
): () => Promise<number> {
  if (ratePerSecond === undefined) return () => Promise.resolve(0);
  const gapMs = 1000 / ratePerSecond;
  const take = Math.max(1, Math.floor(TAKE_MS / gapMs));
  let places: number[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const next = async (): Promise<number> => {
    if (places.length === 0) {
      const inMs = await reserve(take, gapMs);
      const first = nowMs() + inMs;
      places = Array.from({ length: take }, (_, place) => first + place * gapMs);
    }
    return Math.max(0, (places.shift() ?? 0) - nowMs());
  };
  // One after the other: two lines never take places at the same time.
  return () => {
    const mine = last.then(next);
    last = mine.catch(() => {});
    return mine;
  };
}

/** How many deliveries to claim next, given how long the last batch lasted: about two seconds of work, so that little is held by one worker. */
export function nextBatchSize(size: number, lastedMs: number, connections: number): number {
  if (lastedMs < 1_000) return Math.min(size * 2, 1_000);
  return lastedMs > 4_000 ? Math.max(Math.ceil(size / 2), connections) : size;
}

/** The most to claim at once under a rate: two seconds of it, so that a confirmation never waits behind more. */
export function largestBatch(ratePerSecond: number | undefined): number {
  return ratePerSecond === undefined ? 1_000 : Math.min(1_000, Math.max(1, Math.ceil(ratePerSecond * 2)));
}

/** Returns the domain of an address. */
export function domainOf(email: string): string {
  return email.slice(email.lastIndexOf('@') + 1);
}

/** Shares a batch among the places its destinations were granted; who has none is told in how many milliseconds to come again. */
export function sortByPlace(
  claimed: readonly ClaimedDelivery[],
  granted: ReadonlyMap<string, { places: number; nextInMs: number }>,
  gapMs: number,
): { going: ClaimedDelivery[]; waiting: { delivery: ClaimedDelivery; inMs: number }[] } {
  const going: ClaimedDelivery[] = [];
  const waiting: { delivery: ClaimedDelivery; inMs: number }[] = [];
  const used = new Map<string, number>();
  for (const delivery of claimed) {
    const domain = domainOf(delivery.email);
    const grant = delivery.kind === 'newsletter' ? granted.get(domain) : undefined;
    const place = used.get(domain) ?? 0;
    if (grant) used.set(domain, place + 1);
    if (!grant || place < grant.places) going.push(delivery);
    else waiting.push({ delivery, inMs: grant.nextInMs + (place - grant.places) * gapMs });
  }
  return { going, waiting };
}
