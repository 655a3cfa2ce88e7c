import { describe, expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import * as columns from '../../src/db/columns.ts';
import type { Column } from '../../src/db/columns.ts';
import { measured, runAsJson, runMeasured, runOnPool, runPrepared } from '../../src/db/measured.ts';
import { query, raw, sql } from '../../src/db/statement.ts';
import { testDatabase } from '../support/database.ts';
import { OF_A_TEST } from '../support/statements.ts';

const database = testDatabase();
const { bool, bytea, day, enumOf, float8, instant, int2, int4, int8, ints, jsonb, jsonOf, text, texts, uuid } = columns;

const AT = '2026-01-05T08:00:05.123Z';
const ID = '01890a5d-ac96-774b-bcce-b302099a8057';

/** A type, a value of it in SQL, what the program reads, and what it reads where the row came over as JSON. */
const samples: [column: Column<unknown>, value: string, read: unknown, inJson?: unknown][] = [
  [int2, '7::smallint', 7],
  [int4, '-70000', -70000],
  [int8, '9007199254740993', 9007199254740993n, 9007199254740992],
  [float8, '0.25::float8', 0.25],
  [bool, 'true', true],
  [text, "'a'::text", 'a'],
  [texts, '\'{a,"b c"}\'::text[]', ['a', 'b c']],
  [ints, "'{3,-1}'::int[]", [3, -1]],
  [ints, "'{}'::int[]", []],
  [uuid, `'${ID}'::uuid`, ID],
  [instant, `'${AT}'::timestamptz`, new Date(AT), '2026-01-05T08:00:05.123+00:00'],
  [jsonb, `'{"a":[1]}'::jsonb`, { a: [1] }],
  [jsonOf(), "'[[1],[2]]'::json", [[1], [2]]],
  [enumOf('delivery_state'), "'sent'::delivery_state", 'sent'],
  [columns.orNull(int8), 'NULL::bigint', null],
];

describe.each(samples)('a column of %o, given as %s', (column, value, read, inJson = read) => {
  const ask = query(`${OF_A_TEST}sample ${value}`, { it: column }, () => sql`SELECT ${raw(value)} AS it`);
  const sample = measured(`${OF_A_TEST}measured ${value}`, { it: column }, `SELECT ${value} AS it`);

  it.each([
    ['as a query', () => ask(database.db, {})],
    ['as a query in a transaction', () => transaction(database.db, (tx) => ask(tx, {}))],
    ['measured, where the caller is', () => runMeasured(database.db, sample, [])],
    ['measured, on the pool', () => runOnPool(database.db, sample, [])],
    ['measured and prepared', () => runPrepared(database.db, sample, [])],
  ])('when it is read %s, then it is what the compiler believes', async (_, run) => {
    expect(await run()).toEqual([{ it: read }]);
  });

  it('when it comes over as JSON, then it is what the compiler believes', async () => {
    expect(await runAsJson(database.db, sample, [])).toEqual([{ it: inJson }]);
  });
});

it('when bytes are read, then they are bytes', async () => {
  const ask = query(`${OF_A_TEST}sample bytes`, { it: bytea }, () => sql`SELECT '\\x00ff'::bytea AS it`);
  const [row] = await ask(database.db, {});
  expect(row?.it).toBeInstanceOf(Uint8Array);
  expect([...(row?.it ?? [])]).toEqual([0, 255]);
});

it('when a day comes over as JSON, then it is its text', async () => {
  const sample = measured(`${OF_A_TEST}sample day`, { it: day }, "SELECT '2026-01-05'::date AS it");
  expect(await runAsJson(database.db, sample, [])).toEqual([{ it: '2026-01-05' }]);
});

it('when a type of column is added, then it has a sample here', () => {
  const made = Object.values(columns).filter((one): one is Column<unknown> => typeof one === 'object');
  const sampled = [...samples.map(([column]) => column), bytea, day];
  expect(made.filter((column) => !sampled.includes(column))).toEqual([]);
});

it('when values are given where the clock is another one, then it is the same in a transaction and outside of one', async () => {
  const given = {
    ...{ at: new Date('2026-01-05T23:30:00.250Z'), days: [new Date('2026-01-05T07:30:00Z')] },
    ...{
      big: 9_007_199_254_740_993n,
      bytes: Uint8Array.of(0, 255),
      list: [1, null, 3],
      words: ['a "b"', null, 'NULL'],
    },
    ...{ json: '{"a":[1]}', none: null, yes: true, share: 0.25 },
  };
  const ask = query(
    `${OF_A_TEST}given values`,
    { it: text },
    (
      v: typeof given,
    ) => sql`SELECT concat_ws('|', ${v.at}::timestamptz, (${v.at}::timestamptz AT TIME ZONE 'UTC')::date, ${v.days}::timestamptz[], ${v.big}::bigint,
      encode(${v.bytes}::bytea, 'hex'), ${v.list}::int[], ${v.words}::text[], ${v.json}::jsonb, ${v.none}::int IS NULL, ${v.yes}::bool, ${v.share}::float8) AS it`,
  );
  const zone = process.env['TZ'];
  process.env['TZ'] = 'America/Los_Angeles';
  try {
    const outside = await ask(database.db, given);
    expect(outside).toEqual(await transaction(database.db, (tx) => ask(tx, given)));
    expect(outside[0]?.it).toBe(
      '2026-01-05 23:30:00.25+00|2026-01-05|{"2026-01-05 07:30:00+00"}|9007199254740993|00ff|{1,NULL,3}|{"a \\"b\\"",NULL,"NULL"}|{"a": [1]}|t|t|0.25',
    );
  } finally {
    if (zone === undefined) delete process.env['TZ'];
    else process.env['TZ'] = zone;
  }
});

it('when a list of numbers has gaps, then they are null', async () => {
  const ask = query(`${OF_A_TEST}sample gaps`, { it: ints }, () => sql`SELECT '{1,NULL}'::int[] AS it`);
  expect(await ask(database.db, {})).toEqual([{ it: [1, null] }]);
});
