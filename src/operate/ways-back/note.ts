import { papersByPublicIds } from '../../db/digests/papers-by-ids.ts';
import { isFrozen, lockNote, writeNote } from '../../db/newsletters/edition-notes.ts';
import { noteSnapshot } from '../edition-note.ts';
import type { WayBack } from './way-back.ts';

/** What an editor adds to an edition: back only while no newsletter was planned with it. */
export const noteWay: WayBack = {
  soft: [],
  read: async (_ctx, tx, { subject }) => noteSnapshot(tx, await lockNote(tx, subject ?? '')),
  restore: async (_ctx, tx, { subject, before }, { now }) => {
    const key = subject ?? '';
    const inForce = await lockNote(tx, key);
    if (inForce && (await isFrozen(tx, inForce.id))) return { words: `newsletters of ${key} were planned with it` };
    const { picks, ...notes } = { ...(await noteSnapshot(tx, inForce)), ...before };
    const words = Object.entries(notes).flatMap(([field, text]) =>
      typeof text === 'string' ? [[field.slice('note.'.length), text] as const] : [],
    );
    const papers = await papersByPublicIds(tx, Array.isArray(picks) ? (picks as string[]) : []);
    const paperIds = papers.map(({ id }) => id);
    await writeNote(tx, { key, words: Object.fromEntries(words), paperIds, now });
    return null;
  },
};
