import type { Config } from '../../config.ts';
import {
  largestDestinations,
  loadBacklog,
  loadDueGroups,
  loadFigures,
  shareOf,
  type Backlog,
  type DueGroup,
  type Figures,
} from '../../db/sending/demand.ts';
import { lookAtDay } from '../../db/sending/days.ts';
import { sumReaders } from '../../db/subscribers/reader-sums.ts';
import { quietUntil } from '../../deliver/claiming/quiet-hours.ts';
import { daysBetween, isTimeZone, localDate } from '../../lib/time.ts';
import { lateLimitHours, nextSlot } from '../../plan/due.ts';
import type { Looking } from '../alarms/look-for-trouble.ts';
import { NEAR, RATES, simulate, type Batch, type Ceiling, type Limits, type SimulatedHour } from './simulate.ts';
import { destinationsIn, type DestinationForecast } from './tell.ts';

/** What is foreseen. */
export interface Forecast {
  from: Date;
  hours: SimulatedHour[];
  /** Destinations that take longer than a moment, those with most late first. */
  destinations: DestinationForecast[];
  due: number;
  late: number;
  figures: Figures;
  readers: number;
}

/** How it is asked for. */
export interface ForecastWish {
  hours: number;
  /** As if there were so many readers; null: as many as there are. */
  readers: number | null;
}

const HOUR_MS = 3_600_000;
/** How long ago the figures begin that tell of days to come. */
const PAST_MS = 7 * 24 * HOUR_MS;

/** Foresees hour by hour who is due, what the limits let through and who will be late; changes nothing. */
export async function forecast(ctx: Looking, wish: ForecastWish): Promise<Forecast> {
  const { db, config } = ctx;
  const now = ctx.now();
  const until = new Date(now.getTime() + wish.hours * HOUR_MS);
  // One after the other: each reads all readers or a week of mails, and pages want the database meanwhile.
  const destinations = await largestDestinations(db);
  const groups = await loadDueGroups(db, until, destinations);
  const backlog = await loadBacklog(db, now, destinations);
  const figures = await loadFigures(db, new Date(now.getTime() - PAST_MS), RATES);
  const { confirmed } = await sumReaders(db);
  const readers = wish.readers ?? confirmed;
  const scale = confirmed > 0 ? readers / confirmed : 0;
  const batches = [
    ...backlog.map((one) => ofBacklog(one, { now, config })),
    ...groups
      .map((group) => ({ ...group, readers: group.readers * scale * shareOf(figures, group.cadence) }))
      .flatMap(slotsWithin({ now, until, config })),
  ];
  const limits = await limitsOf(ctx, figures, destinations.length);
  const { outcomes, hours } = simulate(merged(batches, config), limits, now.getTime());
  return {
    ...{ from: now, hours, figures, readers },
    destinations: destinationsIn(outcomes, limits, config),
    due: outcomes.reduce((sum, { count }) => sum + count, 0),
    late: outcomes.reduce((sum, { late }) => sum + late, 0),
  };
}

function ofBacklog(
  { destination, timeZone, lateAt, mails }: Backlog,
  { now, config }: { now: Date; config: Config },
): Batch {
  const slotAt = lateAt.getTime() - config.LATE_HOURS * HOUR_MS;
  return { at: now.getTime(), slotAt, lateAt: lateAt.getTime(), destination, timeZone, count: mails };
}

type Times = Pick<Batch, 'at' | 'slotAt' | 'lateAt'>;
type Span = { now: Date; until: Date; config: Config };

/** Makes what finds every slot of a group before the end; destinations of one schedule have theirs found once. */
function slotsWithin(span: Span): (group: DueGroup) => Batch[] {
  const known = new Map<string, Times[]>();
  return (group) => {
    const { cadence, weekday, hour, timeZone, dueAt, destination, readers: count } = group;
    const key = `${cadence} ${weekday} ${hour} ${timeZone} ${dueAt.getTime()}`;
    const times = known.get(key) ?? timesOf(group, span);
    known.set(key, times);
    return times.map((one) => ({ ...one, destination, timeZone, count }));
  };
}

/** The slot that is kept, then as its schedule goes on. */
function timesOf(group: DueGroup, { now, until, config }: Span): Times[] {
  const { cadence, timeZone } = group;
  if (!isTimeZone(timeZone)) return [];
  const lateMs = lateLimitHours(cadence, config.LATE_HOURS) * HOUR_MS;
  const times: Times[] = [];
  let at = group.dueAt;
  while (at < until) {
    // What is due already leaves from now on, and is late by its slot.
    const slotAt = at.getTime();
    const lateAt = slotAt + lateMs;
    // Of slots that have come planning takes the latest; earlier ones merge into it.
    if (slotAt <= now.getTime()) times.splice(0);
    if (lateAt > now.getTime()) times.push({ at: Math.max(slotAt, now.getTime()), slotAt, lateAt });
    at = nextSlot(group, new Date(at.getTime() + 1), localDate(at, timeZone)).at;
  }
  return times;
}

/** Joins what nothing tells apart: without quiet hours the zone does not matter. */
function merged(batches: readonly Batch[], { QUIET_HOURS }: Config): Batch[] {
  const found = new Map<string, Batch>();
  for (const batch of batches) {
    const timeZone = QUIET_HOURS ? batch.timeZone : '';
    const key = `${batch.at} ${batch.slotAt} ${batch.lateAt} ${batch.destination} ${timeZone}`;
    const same = found.get(key);
    if (same) same.count += batch.count;
    else found.set(key, { ...batch, timeZone });
  }
  return [...found.values()];
}

async function limitsOf({ db, config, now }: Looking, figures: Figures, destinations: number): Promise<Limits> {
  const rate = config.SEND_RATE_PER_SECOND;
  const speed = isOfLimit(figures, config, destinations) ? null : figures.perMinute;
  const ceilings: Ceiling[] = [
    ...(rate === undefined ? [] : [{ perMinute: rate * 60, holder: 'SEND_RATE_PER_SECOND' as const }]),
    ...(speed === null ? [] : [{ perMinute: speed, holder: 'speed' as const }]),
  ];
  return {
    all: lowest(ceilings),
    destination: lowest(destinationCeilings(config, speed)),
    day: await daysOf(config, { db, now: now() }),
    quiet: quietOf(config),
  };
}

/**
 * A speed that a limit brought about says nothing: the limit of all, or that of the one destination that was left. A
 * server that is itself about so fast looks like the latter, but never sent clearly more than one destination may have.
 */
function isOfLimit({ perMinute: speed, fastest }: Figures, config: Config, destinations: number): boolean {
  const { SEND_RATE_PER_SECOND: all, DOMAIN_RATE_PER_MINUTE: one } = config;
  if (speed === null) return false;
  if (all !== undefined && speed > all * 60 * NEAR) return true;
  if (one === undefined || speed > one || speed <= one * NEAR) return false;
  return destinations <= 1 || (fastest !== null && fastest * NEAR > one);
}

function lowest(ceilings: readonly Ceiling[]): Ceiling | null {
  return [...ceilings].sort((a, b) => a.perMinute - b.perMinute)[0] ?? null;
}

/** Connections carry alike: so many of them carry that share of the server's speed, where that is known. */
function destinationCeilings(config: Config, speed: number | null): Ceiling[] {
  const { DOMAIN_RATE_PER_MINUTE: rate, DOMAIN_CONNECTIONS: most, SEND_CONNECTIONS: all } = config;
  return [
    ...(rate === undefined ? [] : [{ perMinute: rate, holder: 'DOMAIN_RATE_PER_MINUTE' as const }]),
    ...(most === undefined || speed === null || most >= all
      ? []
      : [{ perMinute: (speed * most) / all, holder: 'DOMAIN_CONNECTIONS' as const }]),
  ];
}

/** Each day on which mails leave is one step further. */
async function daysOf(
  { WARM_UP: steps }: Config,
  { db, now }: { db: Looking['db']; now: Date },
): Promise<Limits['day']> {
  const today = now.toISOString().slice(0, 10);
  const standing = steps ? await lookAtDay(db, steps, now) : null;
  if (!steps || !standing) return () => null;
  return (date) => {
    const ahead = daysBetween(today, date);
    if (ahead <= 0) return Math.max(0, standing.most - standing.tried - standing.held);
    return steps[standing.day - 1 + ahead] ?? null;
  };
}

const QUARTER_MS = 15 * 60_000;

function quietOf({ QUIET_HOURS: hours }: Config): Limits['quiet'] {
  if (!hours) return () => false;
  const known = new Map<string, boolean>();
  return (time, timeZone, slotAt) => {
    if (time >= slotAt && time - slotAt < HOUR_MS) return false;
    const key = `${timeZone} ${Math.floor(time / QUARTER_MS)}`;
    const found = known.get(key) ?? quietUntil(new Date(time), hours, { timeZone, slotAt: null }) !== null;
    known.set(key, found);
    return found;
  };
}
