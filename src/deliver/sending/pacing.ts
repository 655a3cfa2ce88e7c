import { domainOf } from '../../model/address.ts';
import type { ClaimedDelivery } from '../../model/delivery.ts';
import { MAIL_KINDS } from '../../model/mail-kind.ts';

/** Places taken from a common pace at a time, in milliseconds of it. */
const TAKE_MS = 250;

/** Places in a pace: `places` of them, `gapMs` apart, the first one in `inMs`. */
export interface Places {
  inMs: number;
  gapMs: number;
  places: number;
}

/**
 * Creates a pacer over a pace that all processes share: it takes places a few at a time (`take`; null: nothing waits)
 * and hands them out; each call returns the milliseconds to wait from `nowMs`.
 */
export function createPacer(
  take: () => Promise<Places | null>,
  nowMs: () => number = () => performance.now(),
): () => Promise<number> {
  let free: number[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const next = async (): Promise<number> => {
    if (free.length === 0) {
      const taken = await take();
      if (!taken) return 0;
      const first = nowMs() + taken.inMs;
      free = Array.from({ length: taken.places }, (_, place) => first + place * taken.gapMs);
    }
    return Math.max(0, (free.shift() ?? 0) - nowMs());
  };
  // One after the other: two connections never take places at the same time.
  return () => {
    const mine = last.then(next);
    last = mine.catch(() => {});
    return mine;
  };
}

/** Creates the pacer of a set rate over all processes, asked anew with each few places; without one nothing waits. */
export function createRatePacer(
  ratePerSecond: () => number | undefined,
  reserve: (places: number, gapMs: number) => Promise<number>,
  nowMs?: () => number,
): () => Promise<number> {
  return createPacer(async () => {
    const rate = ratePerSecond();
    if (rate === undefined) return null;
    const gapMs = 1000 / rate;
    const places = Math.max(1, Math.floor(TAKE_MS / gapMs));
    return { inMs: await reserve(places, gapMs), gapMs, places };
  }, nowMs);
}

/**
 * How many deliveries to claim next, given how long the last batch lasted: about two seconds of work, so that little is
 * held by one worker.
 */
export function nextBatchSize(size: number, lastedMs: number, connections: number): number {
  if (lastedMs < 1_000) return Math.min(size * 2, 1_000);
  return lastedMs > 4_000 ? Math.max(Math.ceil(size / 2), connections) : size;
}

/** The most to claim at once under a rate: two seconds of it, so that a confirmation never waits behind more. */
export function largestBatch(ratePerSecond: number | undefined): number {
  return ratePerSecond === undefined ? 1_000 : Math.min(1_000, Math.max(1, Math.ceil(ratePerSecond * 2)));
}

/**
 * Shares a batch among the places its destinations were granted; who has none is told in how many milliseconds to come
 * again.
 */
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
    const grant = MAIL_KINDS[delivery.kind].paced ? granted.get(domain) : undefined;
    const place = used.get(domain) ?? 0;
    if (grant) used.set(domain, place + 1);
    if (!grant || place < grant.places) going.push(delivery);
    else waiting.push({ delivery, inMs: grant.nextInMs + (place - grant.places) * gapMs });
  }
  return { going, waiting };
}
