import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from '../../context.ts';
import { singleFlight } from '../../lib/single-flight.ts';
import { forecast } from '../forecast/forecast.ts';
import { LIMITS, type Holder } from '../forecast/simulate.ts';

/** A need of its own: newsletters of the coming day that limits make late, and the limit that makes most of them so. */
export interface Ahead {
  kind: 'late';
  due: number;
  late: number;
  holder: Exclude<Holder, 'speed'> | null;
  /** The setting that would let them through, such as `SEND_RATE_PER_SECOND=12`, or words about it. */
  help: string;
}

const HOURS = 24;
/** How long a look is good for, and how long who asks waits for a new one: many readers take a second to count. */
const KEPT_MS = 10 * 60_000;
const PATIENCE_MS = 50;
/** Until it is this old, what was foreseen is told while the next look goes on: then it is of another day. */
const TOLD_MS = 60 * 60_000;

/** When was looked, and by which limits. */
interface Look {
  at: number;
  limits: string;
}

/**
 * Makes the look of a process at the coming day. It takes nobody's time: one that takes long is told to who asks next.
 * What the mail server's speed alone would make late is not told, since a few mails teach no speed.
 */
export function createLookAhead(ctx: Context): () => Promise<Ahead | null> {
  let known: (Look & { ahead: Ahead | null }) | null = null;
  /** One that failed counts as well: it is not tried again at each question. */
  let last: Look = { at: -Infinity, limits: '' };
  const present = (): Look => ({ at: ctx.now().getTime(), limits: limitsIn(ctx.config) });
  const isGood = (one: Look, forMs: number) => one.limits === present().limits && present().at - one.at <= forMs;
  const look = singleFlight(async () => {
    const now = present();
    try {
      known = { ...now, ahead: await lookAhead(ctx) };
    } finally {
      last = now;
    }
  });
  return async () => {
    if (!isGood(last, KEPT_MS)) {
      const looking = look().catch((error: unknown) => ctx.log.warn({ err: error }, 'the coming day was not foreseen'));
      await Promise.race([looking, sleep(PATIENCE_MS)]);
    }
    return known && isGood(known, TOLD_MS) ? known.ahead : null;
  };
}

/** What is foreseen hangs on these: a change asks for another look. */
function limitsIn(config: Context['config']): string {
  return JSON.stringify([...LIMITS, 'LATE_HOURS' as const].map((name) => config[name] ?? null));
}

async function lookAhead(ctx: Context): Promise<Ahead | null> {
  if (LIMITS.every((limit) => ctx.config[limit] === undefined)) return null;
  const { destinations, due } = await forecast(ctx, { hours: HOURS, readers: null });
  const held = destinations.filter(({ late, heldBy }) => late > 0 && heldBy !== 'speed');
  const [worst] = held; // those with most late stand first
  if (!worst || worst.heldBy === 'speed') return null;
  const late = held.reduce((sum, one) => sum + one.late, 0);
  return { kind: 'late', due: Math.round(due), late, holder: worst.heldBy, help: worst.help ?? '' };
}
