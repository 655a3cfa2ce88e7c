import type { Context } from '../../context.ts';
import { singleFlight } from '../../lib/single-flight.ts';
import { createLookAhead } from '../../operate/today/look-ahead.ts';
import { lookAtToday, type Today } from '../../operate/today/look-at-today.ts';

/** What was last seen of today, shared by all who look at it in this process. */
export interface TodayWatch {
  /** Looks now; who asks while somebody looks gets the same. */
  look(): Promise<Seen>;
  /** What was last seen, without looking again; looks where nothing was. */
  last(): Promise<Seen>;
  /** Calls back with each change until the returned function is called; null where too many watch already. */
  follow(tell: (seen: Seen) => void): (() => void) | null;
}

/** Today as it was seen, numbered by its changes. */
export interface Seen {
  id: number;
  today: Today;
  /** Mails a second of each edition that goes out, over the last minute; only of those seen twice. */
  rates: ReadonlyMap<string, number>;
}

/** How often is looked while somebody follows, ms, and how long numbers are kept for a rate. */
const LOOK_MS = 2_000;
const KEEP_MS = 60_000;
/** Most who may follow at a time. */
const MOST = 50;

/** Makes the watch of a process: one look at a time for all who follow, and none where nobody does. */
export function createTodayWatch(ctx: Context, lookMs = LOOK_MS): TodayWatch {
  const ahead = createLookAhead(ctx);
  const followers = new Set<(seen: Seen) => void>();
  const samples = new Map<string, { at: number; sent: number }[]>();
  let seen: Seen | undefined;
  let told = '';
  let timer: NodeJS.Timeout | undefined;

  const look = singleFlight(async (): Promise<Seen> => {
    const today = await lookAtToday(ctx, await ahead());
    const rates = ratesOf(today, samples, ctx.now().getTime());
    const text = wordsOf(today);
    const changed = text !== told;
    told = text;
    seen = { id: (seen?.id ?? 0) + Number(changed), today, rates };
    if (changed) for (const tell of followers) tell(seen);
    return seen;
  });

  const follow: TodayWatch['follow'] = (tell) => {
    if (followers.size >= MOST) return null;
    followers.add(tell);
    timer ??= setInterval(() => {
      look().catch((error: unknown) => ctx.log.debug({ err: error }, 'today could not be looked at'));
    }, lookMs).unref();
    return () => {
      followers.delete(tell);
      if (followers.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
  return { look, follow, last: async () => seen ?? look() };
}

/** By this a change is known: not by an alarm's words, which count its seconds. */
function wordsOf({ needs, ...others }: Today): string {
  const compared = needs.map((need) => (need.kind === 'alarmed' ? { ...need, problem: '' } : need));
  return JSON.stringify([compared, others]);
}

function ratesOf(today: Today, samples: Map<string, { at: number; sent: number }[]>, now: number): Map<string, number> {
  const rates = new Map<string, number>();
  const running = new Set(today.editions.filter(({ waiting }) => waiting > 0).map(({ key }) => key));
  for (const key of samples.keys()) if (!running.has(key)) samples.delete(key);
  for (const { key, sent } of today.editions.filter((edition) => running.has(edition.key))) {
    const kept = (samples.get(key) ?? []).filter(({ at }) => now - at <= KEEP_MS && at < now);
    const first = kept[0];
    if (first && sent > first.sent) rates.set(key, (1000 * (sent - first.sent)) / (now - first.at));
    samples.set(key, [...kept, { at: now, sent }]);
  }
  return rates;
}
