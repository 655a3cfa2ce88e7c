import { MAIL_KINDS } from '../../model/mail-kind.ts';
import { TEMPLATE_VERSION, type DayLine } from '../../model/newsletter.ts';
import { asDate } from '../../lib/time.ts';
import { arrayText, listsText, timeOrderedId, timePrefix } from '../sql.ts';
import type { Tx } from '../client.ts';
import { orNull, text } from '../columns.ts';
import { measured, runMeasured } from '../measured.ts';

/**
 * One chosen newsletter, ready to be written together with its delivery. The arrays run in parallel, best paper first.
 */
export interface PlannedNewsletter {
  subscriberId: number;
  editionId: number;
  editionKey: string;
  entryIds: number[];
  paperIds: number[];
  /** 0 where the paper is there by trend alone. */
  matchIds: number[];
  /** -1 where the source does not say. */
  upvotes: number[];
  comments: number[];
  consideredCount: number;
  moreCount: number;
  trendingIds: number[];
  /** Weekly only: the week's movers, and the upvotes each gained. */
  moverIds?: number[];
  moverRises?: number[];
  /** Entry of the liked paper that each paper is like, 0 where none lifted it; left out where none lifted any. */
  likedIds?: number[];
  /** «Perhaps»: entries somewhat below the reader's line, and their matches; left out where there are none. */
  perhapsIds?: number[];
  perhapsMatchIds?: number[];
  /** The sentence of the day; none where nothing was worth one. */
  dayLine?: DayLine | null;
  /** What the editor had added to the edition by now, and which of the entries the editor chose; none where nothing. */
  noteId?: number | null;
  pickedIds?: number[];
  keyId: number;
  slotAt: Date;
  issuedOn: string;
  /** Later than this it fails as late. */
  lateAt: Date;
}

/** Most rows of one statement. */
const CHUNK = 2_000;

/** One by one, each by its key: the rows are locked and at hand, while a join may read the whole table. */
const readerOf = (row: string) => `
    CROSS JOIN LATERAL (
      SELECT id, email, address_hash, language, generation FROM subscribers WHERE id = ${row}.subscriber_id OFFSET 0
    ) AS s`;

/**
 * How the reader wrote the interests that bring the papers of a row or are told of in its sentence, by kind and key,
 * where the key has other letters.
 */
const WORDINGS = `(
      SELECT jsonb_object_agg(i.kind || ' ' || i.key, w.wording)
      FROM subscriber_interests w JOIN interests i ON i.id = w.interest_id
      CROSS JOIN (SELECT $24::jsonb -> nullif(line, -1) -> 'params' AS params) told
      WHERE w.subscriber_id = v.subscriber_id AND NOT w.muted AND i.kind NOT IN ('topic', 'like') AND w.wording <> i.key
        AND (i.key IN (told.params ->> 'topic', told.params ->> 'quiet')
          OR EXISTS (SELECT FROM matches m WHERE m.id = ANY(match_ids::int[] || perhaps_match_ids::int[]) AND m.interest_id = i.id)))`;

/**
 * $1–$15 and $25 are parallel, one place a reader; the rest is the same for all. $15 is a place in the sentences of
 * $24, which many share. What the reader's own row says (address,
 * language, generation) is taken from it.
 */
const INSERT_SQL = `
  WITH v AS (
    SELECT * FROM unnest($1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::int[], $9::text[],
                         $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::int[], $25::text[])
      AS t (subscriber_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count, more_count, trending_ids, mover_ids, mover_rises,
            liked_ids, perhaps_ids, perhaps_match_ids, line, picked_ids)
  ), n AS (
    INSERT INTO newsletters (public_id, subscriber_id, edition_id, entry_ids, paper_ids, match_ids, upvotes, comments, considered_count,
      more_count, trending_ids, mover_ids, mover_rises, liked_ids, perhaps_ids, perhaps_match_ids, day_line, wordings,
      picked_ids, note_id, language, template_version, key_id, generation, slot_at, issued_on, created_at)
    SELECT ${timeOrderedId('$22')}, s.id, $16::int, entry_ids::int[], paper_ids::int[], match_ids::int[], upvotes::int[], comments::int[],
      considered_count, more_count, trending_ids::int[], mover_ids::int[], mover_rises::int[], nullif(liked_ids, '{}')::int[],
      nullif(perhaps_ids, '{}')::int[], nullif(perhaps_match_ids, '{}')::int[], $24::jsonb -> nullif(line, -1), ${WORDINGS},
      nullif(picked_ids, '{}')::int[], $26::int, s.language,
      ${TEMPLATE_VERSION}, $17::int, s.generation, $18::timestamptz, $19::date, $20::timestamptz
    FROM v ${readerOf('v')} ON CONFLICT (subscriber_id, edition_id) DO NOTHING
    RETURNING id, subscriber_id
  ), d AS (
    INSERT INTO deliveries (public_id, kind, key, subscriber_id, edition_id, newsletter_id, email, address_hash, language, key_id,
      generation, priority, next_attempt_at, late_at, created_at)
    SELECT ${timeOrderedId('$22')}, 'newsletter', $23, s.id, $16::int, n.id, s.email, s.address_hash, s.language, $17::int,
      s.generation, ${MAIL_KINDS.newsletter.priority}, $20::timestamptz, $21::timestamptz, $20::timestamptz
    FROM n ${readerOf('n')}
    ON CONFLICT (subscriber_id, kind, key) DO NOTHING
  )
  SELECT json_agg(subscriber_id)::text AS written FROM n`;

/** Writes newsletters with their deliveries. */
export const INSERT = measured('write newsletters and deliveries', { written: orNull(text) }, INSERT_SQL);

/**
 * Writes newsletters and their planned deliveries; call it inside the transaction that moves the readers on, with their
 * rows locked. A newsletter that exists already, for (subscriber, edition), is left as it is. Returns the ids of the
 * readers who got one now.
 */
export async function insertNewslettersWithDeliveries(
  db: Tx,
  rows: readonly PlannedNewsletter[],
  now: Date,
): Promise<Set<number>> {
  const written = new Set<number>();
  for (const group of groupBySlot(rows)) {
    for (let start = 0; start < group.length; start += CHUNK) {
      for (const id of await insertChunk(db, group.slice(start, start + CHUNK), now)) written.add(id);
    }
  }
  return written;
}

async function insertChunk(db: Tx, rows: readonly PlannedNewsletter[], now: Date): Promise<number[]> {
  const [first] = rows;
  if (!first) return [];
  const lines = sharedLines();
  const [found] = await runMeasured(db, INSERT, [
    arrayText(rows.map((row) => row.subscriberId)),
    listsText(rows, (row) => row.entryIds),
    listsText(rows, (row) => row.paperIds),
    listsText(rows, (row) => row.matchIds),
    listsText(rows, (row) => row.upvotes),
    listsText(rows, (row) => row.comments),
    arrayText(rows.map((row) => row.consideredCount)),
    arrayText(rows.map((row) => row.moreCount)),
    listsText(rows, (row) => row.trendingIds),
    listsText(rows, (row) => row.moverIds ?? []),
    listsText(rows, (row) => row.moverRises ?? []),
    listsText(rows, (row) => row.likedIds ?? []),
    listsText(rows, (row) => row.perhapsIds ?? []),
    listsText(rows, (row) => row.perhapsMatchIds ?? []),
    arrayText(rows.map((row) => lines.placeOf(row.dayLine))),
    first.editionId,
    first.keyId,
    first.slotAt,
    asDate(first.issuedOn),
    now,
    first.lateAt,
    timePrefix(now),
    first.editionKey,
    lines.json(),
    listsText(rows, (row) => row.pickedIds ?? []),
    first.noteId ?? null,
  ]);
  return JSON.parse(found?.written ?? '[]') as number[];
}

/** Collects the sentences of a batch, each once. */
function sharedLines() {
  const places = new Map<string, number>();
  return {
    placeOf(line: DayLine | null | undefined): number {
      if (!line) return -1;
      const json = JSON.stringify(line);
      const place = places.get(json) ?? places.size;
      places.set(json, place);
      return place;
    },
    json: () => `[${[...places.keys()].join(',')}]`,
  };
}

/** Readers of one batch share a slot; in another zone the same instant may bear another date. */
function groupBySlot(rows: readonly PlannedNewsletter[]): PlannedNewsletter[][] {
  const groups = new Map<string, PlannedNewsletter[]>();
  for (const row of rows) {
    const { editionId, editionKey, keyId, slotAt, issuedOn, lateAt, noteId = null } = row;
    const slot = `${editionId} ${editionKey} ${keyId} ${slotAt.getTime()} ${issuedOn} ${lateAt.getTime()} ${noteId}`;
    const group = groups.get(slot);
    if (group) group.push(row);
    else groups.set(slot, [row]);
  }
  return [...groups.values()];
}
