import type { z } from 'zod';
import { forecastAnswer, forecastView } from '../../src/api/schemas/forecast.ts';
import { noteNothing } from '../../src/db/newsletters/nothing.ts';
import { forecast, type ForecastWish } from '../../src/operate/forecast/forecast.ts';
import { testContext } from '../support/context.ts';
import type { TestDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';

/** When it is asked what is foreseen, unless a test says otherwise: a Saturday. */
export const NOW = '2026-03-28T06:30:00Z';

interface Schedule {
  hour?: number;
  timeZone?: string;
  cadence?: string;
}

/** What a forecast is made from, and the forecast itself. */
export interface ForecastWorld {
  /** Takes all of it away. */
  empty: () => Promise<unknown>;
  /** Makes confirmed readers who are all due at one slot. */
  readers: (count: number, destination: string, dueAt: string, schedule?: Schedule) => Promise<void>;
  /** Makes an edition that so many got, and for so many held nothing. */
  edition: (key: string, createdAt: string, counts: { got: number; nothing?: number }) => Promise<void>;
  /** Lets so many mails leave in minutes of the day before; the first and the last one are not full. */
  sent: (perMinute: readonly number[]) => Promise<void>;
  /** Foresees a day. */
  foresee: (
    settings: Record<string, string>,
    wish?: Partial<ForecastWish>,
    now?: string,
  ) => Promise<z.output<typeof forecastAnswer>>;
}

/** Makes a forecast's world in a database. */
export function forecastWorld(database: TestDatabase): ForecastWorld {
  return {
    empty: () =>
      database.db
        .$executeRaw`CALL empty_tables('deliveries, newsletters, editions, subscribers, suppressions, attempts, sending_days, edition_nothing, edition_nothing_readers, settings, audit_log')`,
    readers: (count, destination, dueAt, schedule = {}) =>
      makeReaders(database, { count, destination, dueAt, ...schedule }),
    edition: (key, createdAt, { got, nothing = 0 }) => makeEdition(database, { key, createdAt, got, nothing }),
    sent: (perMinute) => letLeave(database, perMinute),
    foresee: async (settings, wish = {}, now = NOW) => {
      const ctx = await testContext(database, settings);
      ctx.setNow(now);
      return forecastAnswer.parse(forecastView(await forecast(ctx, { hours: 24, readers: null, ...wish })));
    },
  };
}

async function makeReaders(
  { pool }: TestDatabase,
  slot: { count: number; destination: string; dueAt: string } & Schedule,
): Promise<void> {
  const { count, destination, dueAt, hour = 8, timeZone = 'UTC', cadence = 'daily' } = slot;
  await pool.query(
    `INSERT INTO subscribers (public_id, email, address_hash, status, cadence, weekday, hour, time_zone, max_papers, language, next_due_at, created_at, confirmed_at)
     SELECT left(md5($2 || n || $3), 20), 'reader' || n || '-' || replace($4, '/', '-') || '@' || $2, decode(md5($2 || n || $4), 'hex'), 'confirmed', $6::cadence, 1, $5::int, $4, 10, 'en', $3::timestamptz, now(), now()
     FROM generate_series(1, $1::int) n`,
    [count, destination, dueAt, timeZone, hour, cadence],
  );
}

async function makeEdition(
  { db, pool }: TestDatabase,
  { key, createdAt, got, nothing }: { key: string; createdAt: string; got: number; nothing: number },
): Promise<void> {
  await pool.query(
    `INSERT INTO editions (id, key, created_at) SELECT coalesce(max(id), 0) + 1, $1, $2::timestamptz FROM editions`,
    [key, createdAt],
  );
  await asFixture(
    db,
    `INSERT INTO deliveries (kind, key, language, key_id, generation, edition_id, state, next_attempt_at, created_at)
     SELECT 'newsletter', $1 || ' ' || n, 'en', 1, 1, (SELECT id FROM editions WHERE key = $1), 'sent', now(), now() FROM generate_series(1, $2::int) n`,
    [key, got],
  );
  const without = Array.from({ length: nothing }, (_, n) => ({
    ...{ subscriberId: n + 1, editionKey: key },
    reason: n % 3 === 0 ? ('no-news' as const) : ('none-fits' as const),
  }));
  await noteNothing(db, without, new Date(createdAt));
}

async function letLeave(database: TestDatabase, perMinute: readonly number[]): Promise<void> {
  const minutes = perMinute.flatMap((n, minute) => Array.from({ length: n }, () => minute));
  await makeEdition(database, { key: 'daily:2026-03-27', createdAt: '2026-03-27', got: minutes.length, nothing: 0 });
  await asFixture(
    database.db,
    `INSERT INTO attempts (delivery_id, attempt, worker, outcome, at)
     SELECT d.id, 1, 'w', 'sent', timestamptz '2026-03-27T08:00:30Z' + m.minute * interval '1 minute'
     FROM unnest($1::int[]) WITH ORDINALITY m (minute, nth) JOIN deliveries d ON d.key = 'daily:2026-03-27 ' || m.nth`,
    [minutes],
  );
}
