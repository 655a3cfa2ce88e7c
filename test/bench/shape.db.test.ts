import { expect, it } from 'vitest';
import { seedAdmin } from '../../bench/admin/seed.ts';
import { testDatabase } from '../support/database.ts';
import { refuseOtherShape, shapeOf } from '../support/shape.ts';

const database = testDatabase();

/** The shape of the database, after statements that are undone again. */
async function shapeAfter(...statements: string[]): Promise<string[]> {
  const client = await database.pool.connect();
  try {
    await client.query('BEGIN');
    for (const statement of statements) await client.query(statement);
    return await shapeOf(client);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

it.each([
  ['an index', 'DROP INDEX deliveries_uncertain', '- CREATE INDEX deliveries_uncertain'],
  ['a primary key', 'ALTER TABLE attempts DROP CONSTRAINT attempts_pkey', '- attempts attempts_pkey PRIMARY KEY'],
  ['a trigger', 'ALTER TABLE audit_log DISABLE TRIGGER USER', '+ CREATE TRIGGER keep_audit_log'],
  ['a log', 'ALTER TABLE address_words SET UNLOGGED', '+ TABLE address_words unlogged'],
])('when %s is missing of a database, then it is refused and named', async (_what, statement, named) => {
  const before = await shapeAfter();
  const after = await shapeAfter(statement);
  expect(() => refuseOtherShape(before, after)).toThrow(named);
});

it('when a database was filled for a bench, then it has the rows, and the shape it had before', async () => {
  const shape = await shapeAfter();
  await seedAdmin(database.pool, { readers: 3_000, deliveries: 9_000, editions: 25 }, () => {});
  expect(await shapeAfter()).toEqual(shape);
  const { rows } = await database.pool.query<Record<string, number>>(
    `SELECT (SELECT count(*)::int FROM subscribers) AS readers, (SELECT count(*)::int FROM newsletters) AS newsletters,
       (SELECT count(*)::int FROM deliveries) AS deliveries, (SELECT count(*)::int FROM attempts) AS attempts,
       (SELECT sum(n)::int FROM edition_sums) AS summed, (SELECT count(*)::int FROM subscribers s
         WHERE ARRAY(SELECT words_of_address(s.email) ORDER BY 1) <> ARRAY(SELECT word FROM address_words w WHERE w.subscriber_id = s.id ORDER BY 1)) AS "otherWords"`,
  );
  expect(rows).toEqual([
    { readers: 3_000, newsletters: 9_000, deliveries: 9_000, attempts: 9_000, summed: 9_000, otherWords: 0 },
  ]);
});
