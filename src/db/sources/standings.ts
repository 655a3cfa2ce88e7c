import type { Said } from '../../lib/errors.ts';
import { dateOnly } from '../../lib/time.ts';
import type { SourceRecord } from '../../model/source.ts';
import type { Tx } from '../client.ts';
import { keptSaid } from '../said.ts';
import { bool, text } from '../columns.ts';
import { command, query, sql } from '../statement.ts';

/** Longest failure that is kept, in characters. */
const LONGEST_FAILURE = 500;

/** How a source fared when it was asked. */
export interface Fared {
  /** Whether anything of use came: bytes that could be read, or «unchanged». */
  answered: boolean;
  /** What failed, wholly or in part. */
  problem: string | null;
  /** The same by name and values; null where only its words are known. */
  said: Said | null;
}

/** Notes how a source fared when it was asked; returns whether that is news, so that it is said once. */
export async function noteFared(
  db: Tx,
  source: string,
  { answered, problem, said: named }: Fared,
  now: Date,
): Promise<boolean> {
  const before = await db.source.findUnique({ where: { name: source } });
  const failure = problem?.slice(0, LONGEST_FAILURE) ?? null;
  const said = keptSaid(named);
  const fared = answered
    ? { lastSuccessAt: now, failingSince: null, failure, said }
    : { failingSince: before?.failingSince ?? now, failure, said };
  await db.source.upsert({ where: { name: source }, create: { name: source, ...fared }, update: fared });
  await noteDay(db, { source, day: dateOnly(now), answered });
  return (before?.failure ?? null) !== failure;
}

/** A day on which it answered once is one on which it answered. */
const noteDay = command(
  'note how a source fared on a day',
  (given: { source: string; day: string; answered: boolean }) => sql`
    INSERT INTO source_days (source, day, answered) VALUES (${given.source}, ${given.day}::date, ${given.answered})
    ON CONFLICT (source, day) DO UPDATE SET answered = true WHERE NOT source_days.answered AND EXCLUDED.answered`,
);

/** Notes that something new of a source came to readers. */
export async function noteNews(db: Tx, source: string, now: Date): Promise<void> {
  await db.source.upsert({
    where: { name: source },
    create: { name: source, lastNewAt: now },
    update: { lastNewAt: now },
  });
}

/** Notes what the operator was told of a source; null once it is well again. */
export async function noteTold(db: Tx, source: string, told: SourceRecord['told'], now: Date): Promise<void> {
  await db.source.update({ where: { name: source }, data: { told, toldAt: told && now } });
}

/** Loads what is remembered of sources, by name; one that was never asked has nothing. */
export async function loadSources(db: Tx, names: readonly string[]): Promise<Map<string, SourceRecord>> {
  const rows = await db.source.findMany({ where: { name: { in: [...names] } } });
  return new Map(rows.map(({ name, said, ...row }) => [name, { ...row, said: said as Said | null }]));
}

/** How many days with news tell a source's habit. */
const DAYS_OF_HABIT = 30;
/** How far back before its first digest the dates of a stream's papers tell of its habit, in days. */
const BEFORE_FIRST = 200;

const newsDays = query(
  'days on which a source had news',
  { source: text, day: text },
  (given: { names: readonly string[] }) => sql`
    SELECT s.name AS source, n.day::text AS day FROM unnest(${given.names}::text[]) s(name) CROSS JOIN LATERAL (
      SELECT digest_on AS day FROM digests d
      WHERE d.source = s.name AND d.state IN ('accepted', 'released') AND EXISTS (SELECT FROM entries e WHERE e.digest_id = d.id AND NOT e.known)
      UNION
      SELECT e.published_on FROM digests d JOIN entries e ON e.digest_id = d.id
      WHERE d.id = (SELECT min(id) FROM digests WHERE source = s.name) AND e.known
        AND e.published_on BETWEEN d.digest_on - ${BEFORE_FIRST}::int AND d.digest_on
      ORDER BY day DESC LIMIT ${DAYS_OF_HABIT}) n
    ORDER BY s.name, n.day`,
);

/**
 * Loads the newest days on which sources had news, oldest first: list days, and the dates of what a stream showed when
 * it was first seen.
 */
export async function loadNewsDays(db: Tx, names: readonly string[]): Promise<Map<string, string[]>> {
  const days = new Map<string, string[]>(names.map((name) => [name, []]));
  for (const { source, day } of await newsDays(db, { names })) days.get(source)?.push(day);
  return days;
}

/** Loads on which days sources were asked from a day on, oldest first, and whether they answered. */
export async function loadAskedDays(
  db: Tx,
  names: readonly string[],
  from: string,
): Promise<Map<string, { day: string; answered: boolean }[]>> {
  const days = new Map<string, { day: string; answered: boolean }[]>(names.map((name) => [name, []]));
  for (const { source, day, answered } of await askedDays(db, { names, from }))
    days.get(source)?.push({ day, answered });
  return days;
}

const askedDays = query(
  'days on which sources were asked',
  { source: text, day: text, answered: bool },
  (given: { names: readonly string[]; from: string }) => sql`
    SELECT source, day::text AS day, answered FROM source_days
    WHERE source = ANY(${given.names}::text[]) AND day >= ${given.from}::date ORDER BY source, day`,
);
