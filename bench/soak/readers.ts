import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import type { Db } from '../../src/db/client.ts';
import { hfAnswer } from '../../test/world/captures.ts';
import { makeReader } from '../../test/world/readers.ts';

const WISHES = ['sparse attention', 'robot learning', 'protein folding', 'graph networks', 'speech recognition'];
const PAPERS = 20;
const DAY_MS = 86_400_000;

/** Makes the one reader whose wishes all others share. */
export async function makeFirstReader(db: Db): Promise<void> {
  await makeReader(db, new Date(Date.now() - DAY_MS), { wishes: WISHES, email: 'first@soak.example' });
}

/** Brings so many readers who are due at once, as if they had signed up yesterday; they are numbered on. */
export async function bringReaders(pool: pg.Pool, from: number, count: number): Promise<void> {
  await pool.query(
    `WITH made AS (
       INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, created_at, confirmed_at,
         confirmations, next_due_at)
       SELECT 'soak' || n, 'reader' || n || '@d' || n % 50 || '.soak.example', sha256(('soak' || n)::bytea), 'confirmed', 'daily', 1,
         extract(hour FROM now() AT TIME ZONE 'UTC'), 'UTC', 10, 'en', now() - interval '1 day', now() - interval '1 day', 1,
         date_trunc('hour', now())
       FROM generate_series($1::int, $1::int + $2::int - 1) n RETURNING id)
     INSERT INTO subscriber_interests (subscriber_id, interest_id, wording)
     SELECT made.id, i.interest_id, i.wording FROM made, subscriber_interests i JOIN subscribers s ON s.id = i.subscriber_id WHERE s.email = 'first@soak.example'`,
    [from, count],
  );
}

/** Writes today's list with its newest papers, as a source that goes on all day. */
export function writeList(folder: string, version: number): void {
  const day = new Date().toISOString().slice(0, 10);
  const papers = Array.from({ length: PAPERS }, (_, n) => ({
    title: `${WISHES[n % WISHES.length] ?? ''} in practice, a study of kind ${version * 3 + n}`,
    abstract: `We look at ${WISHES[(n + 1) % WISHES.length] ?? ''} in the field, for the ${version * 3 + n}th time, and say what holds.`,
    arxivId: `2601.${String((version * 3 + n) % 100_000).padStart(5, '0')}`,
  }));
  writeFileSync(join(folder, `${day}.json`), hfAnswer(day, papers));
}
