import type { Tx } from '../db/client.ts';
import { addIdentities, fillPapers, insertPapers, knownPapers, mergePapers } from '../db/digests/papers.ts';
import { present } from '../lib/present.ts';
import type { ParsedEntry } from '../model/digest.ts';
import { identifyPapers, keysOf, type Assignment } from '../model/identity.ts';

/**
 * Finds or makes the paper of every entry; an entry without title is no paper, and of a paper listed twice the first
 * entry counts.
 */
export async function placePapers(
  tx: Tx,
  entries: ParsedEntry[],
  now: Date,
): Promise<{ placed: { paperId: number; entry: ParsedEntry }[]; newPapers: number }> {
  const known = await knownPapers(tx, keysOf(entries));
  const { assignments, learned, merges } = identifyPapers(entries, known);
  const firsts = new Map<number, ParsedEntry>();
  for (const [index, place] of assignments.entries()) {
    const entry = entries[index];
    if (entry && place && 'newPaper' in place && !firsts.has(place.newPaper)) firsts.set(place.newPaper, entry);
  }
  const ids = await insertPapers(tx, [...firsts.values()], now);
  const newIds = new Map(
    [...firsts.keys()].map((place, index) => [place, present(ids[index], 'the id of a new paper')]),
  );
  const paperOf = (place: Assignment) =>
    'paperId' in place ? place.paperId : present(newIds.get(place.newPaper), 'a new paper');
  await mergePapers(tx, merges);
  const all = entries.flatMap((entry, index) => {
    const place = assignments[index];
    return place ? [{ paperId: paperOf(place), entry, keys: present(learned[index], 'what a paper is known by') }] : [];
  });
  await addIdentities(tx, all);
  const byPaper = new Map<number, (typeof all)[number]>();
  for (const one of all) if (!byPaper.has(one.paperId)) byPaper.set(one.paperId, one);
  const placed = [...byPaper.values()];
  await fillPapers(
    tx,
    placed.filter(({ paperId }) => !ids.includes(paperId)),
  );
  return { placed, newPapers: ids.length };
}
