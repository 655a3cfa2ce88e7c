import type { Tx } from '../client.ts';

/** What vectors are kept of. */
export type Embedded = 'interest' | 'paper';

/** Something with a text; `hash` tells model and text apart from others. */
export interface Hashed {
  id: number;
  hash: string;
}

/** Returns the vectors made from this very text by this very model, by id. */
export async function loadEmbeddings(
  db: Tx,
  kind: Embedded,
  wanted: readonly Hashed[],
): Promise<Map<number, Float32Array>> {
  const rows = await db.$queryRawUnsafe<{ id: number; vector: Uint8Array }[]>(
    `SELECT wanted.id, kept.vector
     FROM unnest($1::int[], $2::text[]) AS wanted (id, hash)
     JOIN ${kind}_embeddings kept ON kept.${kind}_id = wanted.id AND kept.hash = wanted.hash`,
    wanted.map(({ id }) => id),
    wanted.map(({ hash }) => hash),
  );
  return new Map(rows.map(({ id, vector }) => [id, new Float32Array(new Uint8Array(vector).buffer)]));
}

/** Stores vectors, in place of those of an older text or model; passes over what has been deleted meanwhile. */
export async function saveEmbeddings(
  db: Tx,
  kind: Embedded,
  made: readonly (Hashed & { vector: Float32Array })[],
): Promise<void> {
  await db.$executeRawUnsafe(
    `INSERT INTO ${kind}_embeddings (${kind}_id, hash, vector)
     SELECT owner.id, made.hash, decode(made.vector, 'base64')
     FROM unnest($1::int[], $2::text[], $3::text[]) AS made (id, hash, vector)
     JOIN ${kind}s owner ON owner.id = made.id
     ORDER BY owner.id FOR KEY SHARE OF owner
     ON CONFLICT (${kind}_id) DO UPDATE SET hash = excluded.hash, vector = excluded.vector`,
    made.map(({ id }) => id),
    made.map(({ hash }) => hash),
    made.map(({ vector }) => Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')),
  );
}

/** Deletes the vectors of all papers but these. */
export async function keepPaperEmbeddings(db: Tx, paperIds: readonly number[]): Promise<void> {
  await db.$executeRaw`DELETE FROM paper_embeddings WHERE paper_id <> ALL(${[...paperIds]}::int[])`;
}
