import type { Tx } from '../client.ts';
import { bool, filled, instant, int4, orNull, text, texts } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** Something that is wrong and was seen by a process that watches. */
export interface OpenAlarm {
  key: string;
  code: string;
  subject: string;
  lines: string[];
  openedAt: Date;
  /** When a place was last told; null: none could be yet. */
  toldAt: Date | null;
}

/** An alarm as it is handed in. */
export type SeenAlarm = Pick<OpenAlarm, 'key' | 'code' | 'subject' | 'lines'>;

/** Most that are listed. */
const MOST = 100;
/** What is not seen for this long is over: every process that watches looks twice as often. */
const OVER_AFTER = '75 seconds';
/** What lasts is told again after this. */
const AGAIN_AFTER = '6 hours';
/** Telling takes no longer than this, else another process does. */
const CLAIMED_SECONDS = 60;
/** What happened once is remembered so long, that it is told once. */
const EVENTS_FOR = '30 days';
/** Begins the key of what happened once. */
const EVENT = 'event:';

/** Lists what is wrong, oldest first. */
export function listOpenAlarms(db: Tx): Promise<OpenAlarm[]> {
  const select = { key: true, code: true, subject: true, lines: true, openedAt: true, toldAt: true } as const;
  return db.alarm.findMany({
    where: { overAt: null, NOT: { key: { startsWith: EVENT } } },
    ...{ orderBy: { openedAt: 'asc' }, take: MOST, select },
  });
}

const countOpen = query(
  'open alarms by code',
  { code: text, count: int4 },
  () =>
    sql`SELECT code, count(*)::int AS count FROM alarms WHERE over_at IS NULL AND NOT starts_with(key, ${EVENT}) GROUP BY code ORDER BY code`,
);

/** Counts what is wrong, by code. */
export function countOpenAlarms(db: Tx): Promise<{ code: string; count: number }[]> {
  return countOpen(db, {});
}

const see = command(
  'see an alarm',
  (given: SeenAlarm) => sql`
    INSERT INTO alarms AS a (key, code, subject, lines, opened_at, seen_at)
    VALUES (${given.key}, ${given.code}, ${given.subject}, ${given.lines}::text[], clock_timestamp(), clock_timestamp())
    ON CONFLICT (key) DO UPDATE SET seen_at = excluded.seen_at, subject = excluded.subject, lines = excluded.lines, over_at = NULL`,
);

/** Notes what is wrong now. What was thought to be over and was not told yet goes on as it was. */
export async function seeAlarms(db: Tx, seen: readonly SeenAlarm[]): Promise<void> {
  for (const alarm of seen) await see(db, alarm);
}

const endUnseen = command(
  'end alarms that are not seen any more',
  () => sql`
    UPDATE alarms SET over_at = clock_timestamp() WHERE over_at IS NULL AND NOT starts_with(key, ${EVENT})
      AND (seen_at < clock_timestamp() - ${OVER_AFTER}::interval OR seen_at > clock_timestamp() + ${OVER_AFTER}::interval)`,
);

const forgetUntold = command(
  'forget alarms that nobody heard of',
  (given: { mailed: boolean }) => sql`
    DELETE FROM alarms WHERE (over_at IS NOT NULL AND told_at IS NULL AND NOT ${given.mailed} AND NOT starts_with(key, ${EVENT}))
      OR (starts_with(key, ${EVENT}) AND over_at < clock_timestamp() - ${EVENTS_FOR}::interval)`,
);

/**
 * Ends what no process sees any more, and forgets of it what nobody was told; with `mailed` somebody was, though no
 * place took it. What was seen in times to come was seen before the database's clock was set back.
 */
export async function endAlarms(db: Tx, mailed: boolean): Promise<void> {
  await endUnseen(db, {});
  await forgetUntold(db, { mailed });
}

/** An alarm to be told now, by whoever claimed it. */
export interface DueAlarm extends OpenAlarm {
  over: boolean;
  event: boolean;
  /** How often it could have been told again since it was told, or while no place took it, since it began. */
  lasted: number;
}

const claim = query(
  'claim alarms to tell',
  {
    ...{ key: text, code: text, subject: text, lines: texts, openedAt: instant, toldAt: orNull(instant) },
    ...{ over: filled(bool), event: filled(bool), lasted: filled(int4) },
  },
  () => sql`
    UPDATE alarms a SET claimed_until = clock_timestamp() + ${CLAIMED_SECONDS} * interval '1 second'
    WHERE key IN (SELECT key FROM alarms
      WHERE (claimed_until IS NULL OR claimed_until NOT BETWEEN clock_timestamp() AND clock_timestamp() + ${CLAIMED_SECONDS} * interval '1 second')
        AND CASE WHEN starts_with(key, ${EVENT}) THEN told_at IS NULL
                 ELSE told_at IS NULL OR over_at IS NOT NULL OR told_at < clock_timestamp() - ${AGAIN_AFTER}::interval END
      ORDER BY opened_at LIMIT ${MOST}::int FOR UPDATE SKIP LOCKED)
    RETURNING key, code, subject, lines, opened_at AS "openedAt", told_at AS "toldAt", over_at IS NOT NULL AS over,
      starts_with(key, ${EVENT}) AS event,
      greatest(0, floor(extract(epoch FROM clock_timestamp() - coalesce(told_at, opened_at)) / extract(epoch FROM ${AGAIN_AFTER}::interval)))::int AS lasted`,
);

/** Claims what is to be told: new, lasting for hours, or over. A process that dies with it leaves it to the others. */
export function claimAlarms(db: Tx): Promise<DueAlarm[]> {
  return claim(db, {});
}

const told = command(
  'note that an alarm was told',
  (given: { key: string }) => sql`
    UPDATE alarms SET told_at = clock_timestamp(), claimed_until = NULL,
      over_at = CASE WHEN starts_with(key, ${EVENT}) THEN clock_timestamp() ELSE over_at END WHERE key = ${given.key}`,
);

/** Notes that an alarm was told; one that is over is forgotten, unless it was seen again meanwhile. */
export async function noteAlarmTold(db: Tx, { key, over }: DueAlarm): Promise<void> {
  if (over) await db.alarm.deleteMany({ where: { key, overAt: { not: null } } });
  else await told(db, { key });
}

const event = command(
  'note what happened once',
  (given: SeenAlarm) => sql`
    INSERT INTO alarms (key, code, subject, lines, opened_at, seen_at)
    VALUES (${EVENT} || ${given.key}::text, ${given.code}, ${given.subject}, ${given.lines}::text[], clock_timestamp(), clock_timestamp())
    ON CONFLICT (key) DO NOTHING`,
);

/** Lists the keys of what happened once and is remembered. */
export async function keysOfEvents(db: Tx): Promise<Set<string>> {
  const rows = await db.alarm.findMany({ where: { key: { startsWith: EVENT } }, select: { key: true } });
  return new Set(rows.map(({ key }) => key.slice(EVENT.length)));
}

/** Notes something that happened once, to be told once; a second time within a month is nothing. */
export async function noteEvent(db: Tx, seen: SeenAlarm): Promise<void> {
  await event(db, seen);
}
