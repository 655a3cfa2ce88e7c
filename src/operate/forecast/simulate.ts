/** Newsletters to one destination that are due at the same moment; times in milliseconds since 1970. */
export interface Batch {
  at: number;
  /** The slot they belong to, which is earlier where they should have left already. */
  slotAt: number;
  /** From here on what has not left is late, and does not leave any more. */
  lateAt: number;
  /** '' stands for all that are too small to be told apart. */
  destination: string;
  timeZone: string;
  count: number;
}

/** The settings that may hold newsletters back. */
export const LIMITS = [
  'SEND_RATE_PER_SECOND',
  'DOMAIN_RATE_PER_MINUTE',
  'DOMAIN_CONNECTIONS',
  'WARM_UP',
  'QUIET_HOURS',
] as const;
/** What may hold newsletters back, by the setting that does, or the speed that was seen. */
export const HOLDERS = [...LIMITS, 'speed'] as const;
export type Holder = (typeof HOLDERS)[number];

/** The limits that bring about how many mails leave in a minute. */
export const RATES = ['SEND_RATE_PER_SECOND', 'DOMAIN_RATE_PER_MINUTE', 'DOMAIN_CONNECTIONS'] as const;
/** A speed above this share of a limit is one that the limit itself brought about: a few mails of a minute bounce. */
export const NEAR = 0.8;

/** A number of mails a minute that nothing exceeds, and what sets it. */
export interface Ceiling {
  perMinute: number;
  holder: Holder;
}

/** Everything that holds newsletters back. */
export interface Limits {
  /** Of all mails together; null: none is known. */
  all: Ceiling | null;
  /** Of each destination. */
  destination: Ceiling | null;
  /** What a day (UTC, by its date) may still have; null: no limit. */
  day: (date: string) => number | null;
  /** Whether readers of a zone are to be left alone at a moment. */
  quiet: (time: number, timeZone: string, slotAt: number) => boolean;
}

/** What became of a batch. */
export interface Outcome extends Batch {
  late: number;
  /** When the last that left did; null where none did. */
  lastAt: number | null;
  /** What held it back longest, and for how many minutes; null where nothing did. */
  heldBy: Holder | null;
  heldMinutes: number;
}

/** What happened in an hour. */
export interface SimulatedHour {
  from: number;
  due: number;
  sent: number;
  late: number;
  /** At its end. */
  waiting: number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Less than this is nobody. */
const NOBODY = 1e-6;

interface Running {
  batch: Batch;
  left: number;
  late: number;
  lastAt: number | null;
  held: Map<Holder, number>;
}

/** Lets newsletters leave minute by minute, earlier slots first, until each has left or is late. */
export function simulate(
  batches: readonly Batch[],
  limits: Limits,
  from: number,
): { outcomes: Outcome[]; hours: SimulatedHour[] } {
  const all = [...batches]
    .sort((a, b) => a.at - b.at)
    .map((batch): Running => ({ batch, left: batch.count, late: 0, lastAt: null, held: new Map() }));
  const hours = new Map<number, SimulatedHour>();
  const days = new Map<string, number | null>();
  let active: Running[] = [];
  let next = 0;
  for (let time = Math.floor(from / MINUTE_MS) * MINUTE_MS; next < all.length || active.length > 0; time += MINUTE_MS) {
    const upcoming = all[next]?.batch.at;
    if (active.length === 0 && upcoming !== undefined && upcoming > time)
      time = Math.floor(upcoming / MINUTE_MS) * MINUTE_MS;
    const hour = hourAt(hours, time);
    for (let one = all[next]; one && one.batch.at < time + MINUTE_MS; one = all[++next]) {
      active.push(one);
      hour.due += one.batch.count;
    }
    for (const one of active) hour.late += expire(one, time);
    hour.sent += sendMinute(active, time, limits, days);
    active = active.filter(({ left }) => left > NOBODY);
    hour.waiting = active.reduce((sum, { left }) => sum + left, 0);
  }
  return { outcomes: all.map(outcomeOf), hours: [...hours.values()] };
}

function hourAt(hours: Map<number, SimulatedHour>, time: number): SimulatedHour {
  const from = Math.floor(time / HOUR_MS) * HOUR_MS;
  const found = hours.get(from) ?? { from, due: 0, sent: 0, late: 0, waiting: 0 };
  hours.set(from, found);
  return found;
}

function expire(one: Running, time: number): number {
  if (time < one.batch.lateAt) return 0;
  const late = one.left;
  one.late += late;
  one.left = 0;
  return late;
}

/** Sends what one minute lets through, slot after slot. */
function sendMinute(
  active: readonly Running[],
  time: number,
  limits: Limits,
  days: Map<string, number | null>,
): number {
  const date = new Date(time).toISOString().slice(0, 10);
  if (!days.has(date)) days.set(date, limits.day(date));
  const budget = { all: limits.all?.perMinute ?? Infinity, day: days.get(date) ?? Infinity };
  const rooms = new Map<string, number>();
  let sent = 0;
  for (let at = 0; at < active.length;) {
    let end = at + 1;
    while (end < active.length && active[end]?.batch.at === active[at]?.batch.at) end++;
    const gone = sendSlot(active.slice(at, end), { time, limits, rooms, budget });
    budget.all -= gone;
    budget.day -= gone;
    sent += gone;
    at = end;
  }
  if (days.get(date) !== null) days.set(date, budget.day);
  return sent;
}

interface Minute {
  time: number;
  limits: Limits;
  rooms: Map<string, number>;
  budget: { all: number; day: number };
}

/** Batches of one slot share what is left alike: which of them goes first is chance. */
function sendSlot(slot: readonly Running[], { time, limits, rooms, budget }: Minute): number {
  const wanted = slot.map((one) => {
    const { destination } = one.batch;
    if (one.left <= NOBODY) return 0;
    if (isQuiet(one, { time, limits })) return hold(one, 'QUIET_HOURS');
    if (!limits.destination || destination === '') return one.left;
    const room = rooms.get(destination) ?? limits.destination.perMinute;
    const wants = Math.min(one.left, room);
    rooms.set(destination, room - wants);
    return wants;
  });
  const sum = wanted.reduce((total, n) => total + n, 0);
  const allowed = Math.max(0, Math.min(sum, budget.all, budget.day));
  const scale = sum > 0 ? allowed / sum : 0;
  const holder = budget.day < budget.all ? 'WARM_UP' : (limits.all?.holder ?? null);
  slot.forEach((one, n) => {
    const wants = wanted[n] ?? 0;
    const isHeld = wants < one.left - NOBODY;
    const isItsOwn = isHeld && limits.destination !== null && holder === 'speed' && scale > NEAR;
    if (wants * scale > NOBODY) Object.assign(one, { left: one.left - wants * scale, lastAt: time });
    // What keeps all of them back keeps each back more than its destination does, unless it is no more than its trace.
    if (wants > NOBODY && scale < 1 && holder && !isItsOwn) hold(one, holder);
    else if (isHeld && limits.destination && !isQuiet(one, { time, limits })) hold(one, limits.destination.holder);
  });
  return allowed;
}

function isQuiet({ batch }: Running, { time, limits }: Pick<Minute, 'time' | 'limits'>): boolean {
  return limits.quiet(time, batch.timeZone, batch.slotAt);
}

function hold(one: Running, holder: Holder): 0 {
  one.held.set(holder, (one.held.get(holder) ?? 0) + 1);
  return 0;
}

function outcomeOf({ batch, late, lastAt, held }: Running): Outcome {
  const [heldBy = null, heldMinutes = 0] = [...held].sort((a, b) => b[1] - a[1])[0] ?? [];
  return { ...batch, late, lastAt, heldBy, heldMinutes };
}
