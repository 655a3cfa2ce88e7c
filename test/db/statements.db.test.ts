import { describe, expect, it } from 'vitest';
import { int4, int8, orNull, text } from '../../src/db/columns.ts';
import { testDatabase } from '../support/database.ts';
import { describeStatement } from '../support/describe-statement.ts';
import { allStatements, differences } from '../support/statements.ts';

const database = testDatabase();
const statements = await allStatements();

async function described(sql: string) {
  const client = await database.pool.connect();
  try {
    return await describeStatement(client, sql);
  } finally {
    client.release();
  }
}

describe('the statements of src/db', () => {
  it('when they are looked for, then all of them are found', () => {
    expect(statements.length).toBeGreaterThan(80);
  });

  it.each(statements)(
    'when the database is asked about $name, then it reads it, and its columns are those of its rows',
    async ({ columns, text: statement }) => {
      const real = await described(statement());
      if (columns) expect(differences(columns, real)).toEqual([]);
    },
  );
});

describe('the check of statements', () => {
  const columns = { id: int4, title: text, organization_name: orNull(text) };

  it('when a statement selects what is read, in any order, then nothing is wrong', async () => {
    const real = await described('SELECT organization_name, title, id FROM papers WHERE id = $1');
    expect(differences(columns, real)).toEqual([]);
  });

  it.each([
    [
      'a column was renamed',
      'SELECT id, title AS name, organization_name FROM papers',
      'title is read and not selected',
    ],
    ['a column is missing', 'SELECT id, title FROM papers', 'organization_name is read and not selected'],
    ['a column came on top', 'SELECT *, 1 AS more FROM (SELECT id, title, organization_name FROM papers) p', 'more is'],
    [
      'a type changed',
      'SELECT id::bigint, title, organization_name FROM papers',
      'id is read as integer and is bigint',
    ],
    [
      'an enum came instead',
      'SELECT id, state AS title, reasons[1] AS organization_name FROM digests',
      'title is read as',
    ],
  ])('when %s, then it says so', async (_, statement, words) => {
    expect(differences(columns, await described(statement)).join('; ')).toContain(words);
  });

  it('when a column of a table may be NULL and is read as if it never were, then it says so', async () => {
    const real = await described('SELECT organization_name FROM papers');
    expect(differences({ organization_name: text }, real)).toEqual(['organization_name may be NULL']);
  });

  it('when a count is read as a number, then it says so', async () => {
    const real = await described('SELECT count(*) AS n FROM papers');
    expect(differences({ n: int4 }, real)).toEqual(['n is read as integer and is bigint']);
    expect(differences({ n: int8 }, real)).toEqual([]);
  });

  it('when a statement names what is not there, then the database refuses it', async () => {
    await expect(described('SELECT nothing FROM papers')).rejects.toThrow('column "nothing" does not exist');
  });
});
