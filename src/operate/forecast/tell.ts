import type { Config } from '../../config.ts';
import type { Ceiling, Holder, Limits, Outcome } from './simulate.ts';

/** How a destination fares with one slot. */
export interface DestinationForecast {
  /** '' stands for all that are too small to be told apart, `*` for all that one limit holds together. */
  destination: string;
  at: Date;
  due: number;
  /** From the slot until the last has left, or would have left if none were late. */
  minutes: number;
  late: number;
  heldBy: Holder | null;
  /** What holds it, in mails a minute; null where it is no such number. */
  perMinute: number | null;
  /** A setting that would help; null where nothing has to. */
  help: string | null;
}

/** What holds all destinations of a slot alike. */
const OF_ALL: ReadonlySet<Holder> = new Set(['SEND_RATE_PER_SECOND', 'speed', 'WARM_UP']);
/** What takes less than this is no wait. */
const LEAST_MINUTES = 2;
const MINUTE_MS = 60_000;

/** Tells destinations that take their time, slot by slot: those with most late first, then those that take longest. */
export function destinationsIn(outcomes: readonly Outcome[], limits: Limits, config: Config): DestinationForecast[] {
  const groups = new Map<string, Outcome[]>();
  for (const one of outcomes) {
    const destination = one.heldBy !== null && OF_ALL.has(one.heldBy) ? '*' : one.destination;
    const key = `${one.at} ${destination}`;
    groups.set(key, [...(groups.get(key) ?? []), { ...one, destination }]);
  }
  return [...groups.values()]
    .map((group) => forecastOf(group, limits, config))
    .filter(({ late, minutes }) => late > 0 || minutes >= LEAST_MINUTES)
    .sort((a, b) => b.late - a.late || b.minutes - a.minutes || a.at.getTime() - b.at.getTime());
}

function forecastOf(group: readonly Outcome[], limits: Limits, config: Config): DestinationForecast {
  const [first] = group as [Outcome, ...Outcome[]];
  const sum = (of: (one: Outcome) => number) => group.reduce((total, one) => total + of(one), 0);
  const [due, late] = [Math.round(sum(({ count }) => count)), Math.round(sum((one) => one.late))];
  const longest = [...group].sort((a, b) => b.heldMinutes - a.heldMinutes)[0] ?? first;
  const ends = group.map(({ lastAt, lateAt, late: left }) => (left > 0 ? lateAt : (lastAt ?? first.at)));
  const minutes = Math.ceil((timesOf(due, late) * (Math.max(first.at, ...ends) - first.at)) / MINUTE_MS);
  const ceiling = ceilingOf(longest.heldBy, limits);
  const told = { due, late, heldBy: longest.heldBy, perMinute: ceiling && round(ceiling.perMinute) };
  return {
    destination: first.destination,
    at: new Date(first.at),
    minutes,
    ...told,
    help: late > 0 ? helpOf(told, config) : null,
  };
}

function ceilingOf(holder: Holder | null, { all, destination }: Limits): Ceiling | null {
  return [all, destination].find((one) => one !== null && one.holder === holder) ?? null;
}

function round(n: number): number {
  return n < 10 ? Math.round(n * 10) / 10 : Math.round(n);
}

/** So many times as much would let all of them through in time. */
function timesOf(due: number, late: number): number {
  return due / Math.max(due - late, due / 100, 1e-6);
}

function helpOf({ due, late, heldBy }: { due: number; late: number; heldBy: Holder | null }, config: Config): string {
  const times = timesOf(due, late);
  const raised = (
    name: 'SEND_RATE_PER_SECOND' | 'DOMAIN_RATE_PER_MINUTE' | 'DOMAIN_CONNECTIONS' | 'SEND_CONNECTIONS',
  ) => `${name}=${Math.ceil((config[name] ?? 1) * times)}`;
  if (heldBy === 'speed') return `${raised('SEND_CONNECTIONS')}, or one more worker`;
  if (heldBy === 'WARM_UP') return 'a larger number for that day in WARM_UP, or none of it, where the sender is known';
  if (heldBy === 'QUIET_HOURS') return 'shorter QUIET_HOURS';
  return heldBy === null ? `LATE_HOURS=${config.LATE_HOURS + 1}` : raised(heldBy);
}
