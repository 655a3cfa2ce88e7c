import { isDeepStrictEqual } from 'node:util';
import { UNDO, type ActName } from './act-names.ts';

/** What an act touched of its subject: names of fields with their values, as JSON holds them. */
export type Snapshot = Readonly<Record<string, unknown>>;

/** What an act changed: the same fields as they stood before and after. */
export interface ActChange {
  before: Snapshot;
  after: Snapshot;
}

/** What of an act decides whether it stands on another. */
export interface ActTrace {
  id: bigint;
  action: string;
  /** The act that it takes back. */
  undoes: bigint | null;
  after: Snapshot | null;
}

/**
 * Fields each of which may stop a reader's mail: of two acts on any of them the later stands on the earlier, since what
 * the earlier cancelled must not wait again while the later holds.
 */
const MAY_STOP_MAIL: readonly string[] = ['status', 'pausedUntil', 'address'];

/** Returns what differs between two looks at one subject; null where nothing does. */
export function changeOf(before: Snapshot, after: Snapshot): ActChange | null {
  const names = Object.keys(before).filter((name) => !isDeepStrictEqual(before[name], after[name]));
  return names.length === 0 ? null : { before: pick(before, names), after: pick(after, names) };
}

/** Returns these fields of a snapshot. */
export function pick(from: Snapshot, names: readonly string[]): Snapshot {
  return Object.fromEntries(names.map((name) => [name, from[name] ?? null]));
}

/** Names the act that takes one back; taking that back is the first one again. */
export function undoing(action: string): ActName {
  return (action.startsWith(UNDO) ? action.slice(UNDO.length) : UNDO + action) as ActName; // the log holds no others
}

/** Returns what was done, or taken back: `undo.pause` is about `pause`. */
export function plainAction(action: string): string {
  return action.startsWith(UNDO) ? action.slice(UNDO.length) : action;
}

/**
 * Finds the newest act that stands on another one: a later one (`newer`, of the same subject) that changed one of its
 * fields and was not taken back. `soft` fields move by themselves and bear nothing.
 */
export function standingOn(act: ActTrace, newer: readonly ActTrace[], soft: readonly string[]): ActTrace | null {
  const fields = borne(act, soft);
  const dead = new Set<bigint>();
  for (const one of [...newer].sort((a, b) => (a.id < b.id ? 1 : -1))) {
    if (one.id <= act.id || dead.has(one.id)) continue;
    if (one.undoes !== null && one.undoes > act.id) dead.add(one.undoes);
    else if (borne(one, soft).some((name) => fields.includes(name))) return one;
  }
  return null;
}

function borne({ after }: ActTrace, soft: readonly string[]): string[] {
  const names = Object.keys(after ?? {}).filter((name) => !soft.includes(name));
  return names.map((name) => (MAY_STOP_MAIL.includes(name) ? 'mail' : name));
}

/** Tells whether a subject is still as an act left it, but for its soft fields. */
export function isAsLeft(act: ActTrace, now: Snapshot, soft: readonly string[]): boolean {
  return Object.entries(act.after ?? {}).every(
    ([name, value]) => soft.includes(name) || isDeepStrictEqual(value, now[name] ?? null),
  );
}
