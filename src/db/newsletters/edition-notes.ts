import type { EditorNote } from '../../model/editor-note.ts';
import type { Tx } from '../client.ts';
import { int4, ints, jsonb, text } from '../columns.ts';
import { lockWithin } from '../locks.ts';
import { query, sql } from '../statement.ts';

/** What an editor added to an edition, in the version that is in force. */
export interface NoteInForce extends EditorNote {
  id: number;
}

const newest = query(
  "editor's notes in force",
  { key: text, id: int4, words: jsonb, paperIds: ints },
  (given: { keys: readonly string[] }) => sql`
    SELECT DISTINCT ON (edition_key) edition_key AS key, id, words, paper_ids AS "paperIds" FROM edition_notes
    WHERE edition_key = ANY(${given.keys}::text[]) ORDER BY edition_key, id DESC`,
);

/** Loads what editors added to some editions, by their keys, which may not be there yet. */
export async function loadNotes(db: Tx, keys: readonly string[]): Promise<Map<string, NoteInForce>> {
  const rows = await newest(db, { keys: [...new Set(keys)] });
  return new Map(rows.map(({ key, words, ...row }) => [key, { ...row, words: words as EditorNote['words'] }]));
}

/** Locks what editors add to an edition until the transaction ends, and returns it; null where nothing ever was. */
export async function lockNote(db: Tx, key: string): Promise<NoteInForce | null> {
  await lockWithin(db, `edition-notes:${key}`);
  return (await loadNotes(db, [key])).get(key) ?? null;
}

/** Writes a version of what an editor adds to an edition, in force from now on; call it behind lockNote. */
export async function writeNote(
  db: Tx,
  { key, words, paperIds, now }: EditorNote & { key: string; now: Date },
): Promise<void> {
  await db.editionNote.create({ data: { editionKey: key, words, paperIds: [...paperIds], writtenAt: now } });
}

const hold = query(
  'hold a version of a note',
  { id: int4 },
  (given: { id: number }) => sql`SELECT id FROM edition_notes WHERE id = ${given.id} FOR UPDATE`,
);

/**
 * Tells whether a newsletter was planned with a version. Waits for planners at work on it; with this the version is
 * theirs no more before the transaction ends.
 */
export async function isFrozen(db: Tx, id: number): Promise<boolean> {
  await hold(db, { id });
  return (await db.newsletter.findFirst({ where: { noteId: id }, select: { id: true } })) !== null;
}
