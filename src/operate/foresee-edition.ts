import type { Context } from '../context.ts';
import { papersByIds } from '../db/digests/papers-by-ids.ts';
import { findEditions } from '../db/newsletters/editions.ts';
import { readersByIds } from '../db/subscribers/readers-by-ids.ts';
import { isOpenToEditors, type EditionState } from '../model/edition.ts';
import { foreseeEdition, type Foreseen } from '../plan/load-foreseen.ts';

/** A newsletter that would be: whose, when, and what it begins with. */
export interface ForeseenSample {
  reader: string;
  email: string;
  slotAt: Date;
  papers: number;
  /** Title of its first paper. */
  first: string;
}

/** What a dry run of an edition tells. */
export interface DryRun extends Omit<Foreseen, 'samples'> {
  /** Of a cancelled one nobody gets anything, so nobody is looked at. */
  state: EditionState;
  samples: ForeseenSample[];
}

const NOBODY = { slots: 0, cut: false, newsletters: 0, nothing: 0, waiting: 0, samples: [] };
/** Readers looked at: more would take a page minutes. */
const MOST = 20_000;

/**
 * Tells who would get an edition that is to come or going on, as things stand, of those whose slot in it was not
 * planned yet; changes nothing. Null where it is over, or is none of a day or a week.
 */
export async function dryRunEdition(ctx: Context, key: string): Promise<DryRun | null> {
  if (!isOpenToEditors(key, ctx.now())) return null;
  const [edition] = await findEditions(ctx.db, [key]);
  const state = edition?.state ?? 'open';
  if (state === 'cancelled') return { state, ...NOBODY };
  const { samples, ...counts } = await foreseeEdition(ctx, key, MOST);
  const readers = await readersByIds(
    ctx.db,
    samples.map(({ subscriberId }) => subscriberId),
  );
  const papers = await papersByIds(ctx.db, [...new Set(samples.map(({ paperIds: [first = 0] }) => first))]);
  const told = samples.flatMap(({ subscriberId, slotAt, paperIds }) => {
    const reader = readers.find(({ id }) => id === subscriberId);
    const first = papers.find(({ id }) => id === paperIds[0])?.title ?? '';
    return reader ? [{ reader: reader.publicId, email: reader.email, slotAt, papers: paperIds.length, first }] : [];
  });
  return { state, ...counts, samples: told };
}
