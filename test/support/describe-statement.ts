import type pg from 'pg';

/** A column of a statement's rows, as PostgreSQL tells it before the statement is ever run. */
export interface DescribedColumn {
  name: string;
  type: string;
  /** Whether it is a column of a table that allows NULL there; what is computed is not known, and taken for false. */
  nullable: boolean;
}

interface Field {
  name: string;
  dataTypeID: number;
  tableID: number;
  columnID: number;
}

/** The part of pg's connection that asks for a description; its types leave it out. */
interface Connection {
  parse: (statement: { text: string }) => void;
  describe: (what: { type: 'S' }) => void;
  sync: () => void;
}

/** Has PostgreSQL parse a statement and say what its rows will be, without running it. Empty where it returns none. */
export async function describeStatement(client: pg.ClientBase, text: string): Promise<DescribedColumn[]> {
  const fields = await fieldsOf(client, text);
  const { rows } = await client.query<{ type: string; nullable: boolean }>(
    `SELECT format_type(f.type, NULL) AS type, coalesce(NOT a.attnotnull, false) AS nullable
     FROM unnest($1::oid[], $2::oid[], $3::int[]) WITH ORDINALITY AS f (type, relation, place, at)
     LEFT JOIN pg_attribute a ON a.attrelid = f.relation AND a.attnum = f.place AND f.relation <> 0
     ORDER BY f.at`,
    [fields.map((one) => one.dataTypeID), fields.map((one) => one.tableID), fields.map((one) => one.columnID)],
  );
  return fields.map(({ name }, at) => ({ name, type: rows[at]?.type ?? '', nullable: rows[at]?.nullable ?? false }));
}

/** What pg calls while it works off a query of our own: parse, describe, and nothing else. */
function fieldsOf(client: pg.ClientBase, text: string): Promise<Field[]> {
  return new Promise((resolve, reject) => {
    let fields: Field[] = [];
    const submittable = {
      submit: (connection: Connection) => {
        connection.parse({ text });
        connection.describe({ type: 'S' });
        connection.sync();
      },
      handleRowDescription: (message: { fields: Field[] }) => void (fields = message.fields),
      handleError: reject,
      handleReadyForQuery: () => resolve(fields),
    };
    client.query(submittable as unknown as pg.Submittable);
  });
}
