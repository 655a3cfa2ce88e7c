import { expect, it } from 'vitest';
import { transaction } from '../../src/db/client.ts';
import { int4, text } from '../../src/db/columns.ts';
import { command, definedStatements, query, raw, sql } from '../../src/db/statement.ts';
import { testDatabase } from '../support/database.ts';
import { OF_A_TEST } from '../support/statements.ts';

const database = testDatabase();

const textOf = (name: string) =>
  definedStatements()
    .find((one) => one.name === name)
    ?.text();

it('when a statement is run with values, then they go beside its text, each to its place', async () => {
  const later = (day: Date) => sql`${day}::timestamptz + ${2} * interval '1 day'`;
  const ask = query(
    `${OF_A_TEST}places`,
    { word: text, day: text, sum: int4 },
    (given: { word: string; numbers: number[]; now: Date }) => sql`
      SELECT ${given.word}::text AS word, (${later(given.now)})::date::text AS day,
        (SELECT sum(n)::int FROM unnest(${given.numbers}::int[]) AS n) AS sum`,
  );
  const rows = await ask(database.db, { word: "'; DROP", numbers: [3, 4], now: new Date('2026-01-05T00:00:00Z') });
  expect(rows).toEqual([{ word: "'; DROP", day: '2026-01-07', sum: 7 }]);
  expect(textOf(`${OF_A_TEST}places`)).toContain('SELECT $1::text AS word, ($2::timestamptz + $3 * interval');
});

it('when a statement is run again, then its text is not built anew', async () => {
  let built = 0;
  const ask = query(`${OF_A_TEST}built once`, { n: int4 }, (given: { n: number }) => {
    built++;
    return sql`SELECT ${given.n}::int AS n`;
  });
  expect([await ask(database.db, { n: 1 }), await ask(database.db, { n: 2 })]).toEqual([[{ n: 1 }], [{ n: 2 }]]);
  expect(built).toBe(1);
});

it('when a statement is planned once a session, then the session keeps its plan, and of no other', async () => {
  const once = query(
    `${OF_A_TEST}kept plan`,
    { n: int4 },
    (given: { n: number }) => sql`SELECT ${given.n}::int AS n`,
    'once a session',
  );
  const anew = query(
    `${OF_A_TEST}no plan`,
    { n: int4 },
    (given: { n: number }) => sql`SELECT ${given.n}::int + 1 AS n`,
  );
  const plans = await transaction(database.db, async (tx) => {
    for (const n of [1, 2]) expect([await once(tx, { n }), await anew(tx, { n })]).toEqual([[{ n }], [{ n: n + 1 }]]);
    return tx.$queryRaw<{ name: string }[]>`SELECT name FROM pg_prepared_statements WHERE name LIKE '% plan'`;
  });
  expect(plans).toEqual([{ name: `${OF_A_TEST}kept plan` }]);
});

it('when a value is made part of the text, then the statement is refused whatever the value is', async () => {
  const ask = query(
    `${OF_A_TEST}glued`,
    { n: text },
    (given: { name: string }) => sql`SELECT ${raw(`'${given.name}'`)} AS n`,
  );
  const bare = query(`${OF_A_TEST}bare`, { n: text }, (given: { name: string }) => sql`SELECT ${raw(given.name)} AS n`);
  const refused = 'the value name may not become text';
  await expect(ask(database.db, { name: 'Ada' })).rejects.toThrow(refused);
  await expect(bare(database.db, { name: 'now()' })).rejects.toThrow(refused);
});

it('when a command changes rows, then it says how many', async () => {
  const name = command(`${OF_A_TEST}name days`, (given: { days: string[] }) => {
    return sql`INSERT INTO sending_days (day) SELECT unnest(${given.days}::date[]) ON CONFLICT DO NOTHING`;
  });
  expect(await name(database.db, { days: ['2026-01-05', '2026-01-06'] })).toBe(2);
  expect(await name(database.db, { days: ['2026-01-06', '2026-01-07'] })).toBe(1);
});

it('when two statements bear one name, then the second is refused', () => {
  const name = `${OF_A_TEST}twice`;
  query(name, { n: int4 }, () => sql`SELECT 1 AS n`);
  expect(() => command(name, () => sql`SELECT 1`)).toThrow('two statements are called «test: twice»');
});
