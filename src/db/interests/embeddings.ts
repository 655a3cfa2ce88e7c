import type { Tx } from '../client.ts';
import { bytea, int4 } from '../columns.ts';
import { command, query, raw, sql } from '../statement.ts';

/** What vectors are kept of. */
export type Embedded = 'interest' | 'paper';

/** Something with a text; `hash` tells model and text apart from others. */
export interface Hashed {
  id: number;
  hash: string;
}

const loading = (kind: Embedded) =>
  query(
    `vectors of ${kind}s`,
    { id: int4, vector: bytea },
    (given: { ids: number[]; hashes: string[] }) => sql`
      SELECT wanted.id, kept.vector
      FROM unnest(${given.ids}::int[], ${given.hashes}::text[]) AS wanted (id, hash)
      JOIN ${raw(`${kind}_embeddings`)} kept ON kept.${raw(`${kind}_id`)} = wanted.id AND kept.hash = wanted.hash`,
  );

const vectorsOf = { interest: loading('interest'), paper: loading('paper') };

/** Returns the vectors made from this very text by this very model, by id. */
export async function loadEmbeddings(
  db: Tx,
  kind: Embedded,
  wanted: readonly Hashed[],
): Promise<Map<number, Float32Array>> {
  const rows = await vectorsOf[kind](db, { ids: wanted.map(({ id }) => id), hashes: wanted.map(({ hash }) => hash) });
  return new Map(rows.map(({ id, vector }) => [id, new Float32Array(new Uint8Array(vector).buffer)]));
}

const storing = (kind: Embedded) =>
  command(
    `store vectors of ${kind}s`,
    (given: { ids: number[]; hashes: string[]; vectors: string[] }) => sql`
      INSERT INTO ${raw(`${kind}_embeddings (${kind}_id, hash, vector)`)}
      SELECT owner.id, made.hash, decode(made.vector, 'base64')
      FROM unnest(${given.ids}::int[], ${given.hashes}::text[], ${given.vectors}::text[]) AS made (id, hash, vector)
      JOIN ${raw(`${kind}s`)} owner ON owner.id = made.id
      ORDER BY owner.id FOR KEY SHARE OF owner
      ON CONFLICT (${raw(`${kind}_id`)}) DO UPDATE SET hash = excluded.hash, vector = excluded.vector`,
  );

const storeVectors = { interest: storing('interest'), paper: storing('paper') };

/** Stores vectors, in place of those of an older text or model; passes over what has been deleted meanwhile. */
export async function saveEmbeddings(
  db: Tx,
  kind: Embedded,
  made: readonly (Hashed & { vector: Float32Array })[],
): Promise<void> {
  await storeVectors[kind](db, {
    ids: made.map(({ id }) => id),
    hashes: made.map(({ hash }) => hash),
    vectors: made.map(({ vector }) =>
      Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64'),
    ),
  });
}

const dropOtherPapers = command(
  'drop vectors of other papers',
  (given: { paperIds: readonly number[] }) =>
    sql`DELETE FROM paper_embeddings WHERE paper_id <> ALL(${given.paperIds}::int[])`,
);

/** Deletes the vectors of all papers but these. */
export async function keepPaperEmbeddings(db: Tx, paperIds: readonly number[]): Promise<void> {
  await dropOtherPapers(db, { paperIds: [...paperIds] });
}
