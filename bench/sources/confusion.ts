import { sourceHealth } from '../../src/ingest/source-health.ts';
import { HABIT_DIGESTS, type KnownDigest } from '../../src/ingest/source-habits.ts';
import {
  agesOn,
  initialDigestState,
  REMEMBERED_DIGESTS,
  type Health,
  type ParsedDigest,
} from '../../src/model/digest.ts';
import { titleKey } from '../../src/model/paper.ts';
import { FAULTS } from './faults.ts';

/** What was said of digests that had one fault, or none. */
export interface ConfusionRow {
  fault: string;
  judged: number;
  /** Held. */
  caught: number;
  /** How many were taken for what. */
  taken: Map<string, number>;
}

/** How the whole days fared, and each fault on each of them. */
export interface Confusion {
  whole: ConfusionRow;
  faults: ConfusionRow[];
  /** Whole days that were held, with what was said of them. */
  falseAlarms: string[];
}

/** Judges a run of whole days one after the other, and every fault on each of them from the eleventh on. */
export function confuse(days: readonly ParsedDigest[], random: () => number): Confusion {
  const whole = emptyRow('whole');
  const faults = Object.keys(FAULTS).map(emptyRow);
  const falseAlarms: string[] = [];
  const known: KnownDigest[] = [];
  for (const [nth, digest] of days.entries()) {
    const judge = (one: ParsedDigest) =>
      sourceHealth(one, known.slice(-REMEMBERED_DIGESTS), { now: dayAfter(digest.digestOn), zone: 'UTC' });
    const health = judge(digest);
    count(whole, health);
    if (isHeld(health)) falseAlarms.push(`${digest.digestOn} ${health.verdict}: ${health.reasons.join(' · ')}`);
    if (nth >= HABIT_DIGESTS)
      for (const row of faults) {
        const before = days.slice(Math.max(0, nth - REMEMBERED_DIGESTS), nth);
        count(row, judge(FAULTS[row.fault]!({ digest, before, random })));
      }
    known.push(asKnown(digest, !isHeld(health)));
  }
  return { whole, faults, falseAlarms };
}

/** Remembers a digest as the history of its source does. */
export function asKnown({ digestOn, entries }: ParsedDigest, trusted: boolean): KnownDigest {
  return { digestOn, titleKeys: entries.map(({ title }) => titleKey(title)), trusted, ages: agesOn(digestOn, entries) };
}

/** Tells whether readers get nothing of a digest and the operator hears of it. */
export function isHeld({ verdict }: Health): boolean {
  return initialDigestState(verdict) === 'held';
}

/** Adds up what was found in several runs. */
export function sumOf(all: readonly Confusion[]): Confusion {
  const added = (rows: readonly ConfusionRow[]): ConfusionRow => {
    const sum = emptyRow(rows[0]?.fault ?? '');
    for (const row of rows) {
      sum.judged += row.judged;
      sum.caught += row.caught;
      for (const [kind, many] of row.taken) sum.taken.set(kind, (sum.taken.get(kind) ?? 0) + many);
    }
    return sum;
  };
  return {
    whole: added(all.map(({ whole }) => whole)),
    faults: (all[0]?.faults ?? []).map((_, nth) => added(all.map(({ faults }) => faults[nth]!))),
    falseAlarms: all.flatMap(({ falseAlarms }) => falseAlarms),
  };
}

/** Writes what was found as a table of Markdown. */
export function confusionTable({ whole, faults }: Confusion): string {
  const rows = [whole, ...faults].map(({ fault, judged, caught, taken }) => {
    const kinds = [...taken].sort((a, b) => b[1] - a[1]).map(([kind, many]) => `${kind} ${many}`);
    return `| ${fault} | ${judged} | ${caught} | ${((100 * caught) / Math.max(1, judged)).toFixed(1)} % | ${kinds.join(', ')} |`;
  });
  return ['| list | judged | held | share | taken for |', '|---|--:|--:|--:|---|', ...rows].join('\n');
}

function emptyRow(fault: string): ConfusionRow {
  return { fault, judged: 0, caught: 0, taken: new Map() };
}

function count(row: ConfusionRow, health: Health): void {
  row.judged++;
  if (isHeld(health)) row.caught++;
  const kind = health.kind ?? health.verdict;
  row.taken.set(kind, (row.taken.get(kind) ?? 0) + 1);
}

function dayAfter(day: string): Date {
  return new Date(Date.parse(day) + 30 * 3_600_000);
}
