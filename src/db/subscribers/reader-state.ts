import { changeOf, type ActChange, type Snapshot } from '../../model/act.ts';
import type { Wish } from '../../model/interest.ts';
import type { Tx } from '../client.ts';
import { changeSubscriber, loadWishes, replaceWishes, type SubscriberChange } from './subscribers.ts';

/** What acts change of a reader, but for their wishes. */
const COLUMNS = {
  ...{ status: true, cadence: true, weekday: true, hour: true, timeZone: true, maxPapers: true, selectivity: true },
  ...{ perhaps: true, language: true, pausedUntil: true, nextDueAt: true, welcomeDueAt: true, unsubscribedAt: true },
} as const;

/** Those that are instants. */
const INSTANTS = ['pausedUntil', 'nextDueAt', 'welcomeDueAt', 'unsubscribedAt'] as const;

/** Reads what acts change of a reader, as the log keeps it. */
export async function readReaderState(db: Tx, id: number, options: { wishes: boolean }): Promise<Snapshot> {
  const row = await db.subscriber.findUniqueOrThrow({ where: { id }, select: COLUMNS });
  const state = options.wishes ? { ...row, wishes: sorted(await loadWishes(db, id)) } : row;
  return JSON.parse(JSON.stringify(state)) as Snapshot;
}

/**
 * Looks at a reader before an act; what it returns looks again afterwards and says what the act changed. Wishes only
 * where the act can change them.
 */
export async function watchReader(
  db: Tx,
  id: number,
  options: { wishes: boolean } = { wishes: false },
): Promise<() => Promise<ActChange | null>> {
  const before = await readReaderState(db, id, options);
  return async () => changeOf(before, await readReaderState(db, id, options));
}

/** Writes back what an act had changed of a reader; fields that the log does not name stay. */
export async function writeReaderState(db: Tx, id: number, state: Snapshot, now: Date): Promise<void> {
  const { wishes, ...rest } = state;
  const change = Object.fromEntries(
    Object.entries(rest).map(([name, value]) => [
      name,
      INSTANTS.some((one) => one === name) && typeof value === 'string' ? new Date(value) : value,
    ]),
  ) as SubscriberChange;
  if (Object.keys(change).length > 0) await changeSubscriber(db, id, change);
  if (wishes) await replaceWishes(db, id, wishes as Wish[], now);
}

/** The order in which wishes are kept says nothing. */
function sorted(wishes: readonly Wish[]): Wish[] {
  const keyOf = ({ muted, kind, text }: Wish) => `${muted} ${kind} ${text}`;
  return [...wishes].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
