import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { loadUnmatchedInterests } from '../db/interests/plan-readiness.ts';
import { loadAsDue } from '../db/subscribers/as-due.ts';
import type { DueSubscriber } from '../db/subscribers/due.ts';
import { loadWithoutNewsletter, type WithoutNewsletter } from '../db/subscribers/missed.ts';
import { editionDays, editionEndsAt } from '../model/edition.ts';
import { DEFAULT_SCHEDULE, DEFAULT_SELECTIVITY } from '../model/subscriber.ts';
import type { Slot } from './due.ts';
import { openEditionBook, type EditionBook } from './edition-book.ts';
import { chooseNewsletters, type Chosen, type Wanted } from './load-chosen.ts';
import { cadencesOf, slotOfEdition, slotToCome } from './missed.ts';
import { eachBatch } from './plan-batches.ts';
import { divide } from './planning-problem.ts';

/** Who would get an edition as things stand. */
export interface Foreseen {
  /** Readers whose slot in it is still to be planned, as far as they were looked at. */
  slots: number;
  /** Whether there are more readers than were looked at. */
  cut: boolean;
  /** Of these slots: a newsletter, nothing new that fits, interests not matched yet. */
  newsletters: number;
  nothing: number;
  waiting: number;
  /** Some of the newsletters, by rising id of the reader. */
  samples: Chosen[];
}

/** Readers of one transaction. */
const BATCH = 1_000;
/** Samples given. */
const SAMPLES = 10;

/** Foresees an edition for the readers whose slot in it is still to be planned; changes nothing. */
export async function foreseeEdition(ctx: Context, edition: string, most: number): Promise<Foreseen> {
  const found: Foreseen = { slots: 0, cut: false, newsletters: 0, nothing: 0, waiting: 0, samples: [] };
  const [cadences, end] = [cadencesOf(edition), editionEndsAt(edition)];
  if (cadences.length === 0 || !end) return found;
  const [book, unmatched] = [openEditionBook(ctx), await loadUnmatchedInterests(ctx.db)];
  const [now, stop] = [ctx.now(), new AbortController()];
  let looked = 0;
  await eachBatch<WithoutNewsletter, number>({
    ...{ db: ctx.db, limit: BATCH, first: 0, counts: {}, cursorOf: ({ id }) => id, signal: stop.signal },
    // Whoever is paused today may not be then: `slotToCome` looks at the pause.
    load: (tx, after, limit) => loadWithoutNewsletter(tx, { edition, cadences, now: end, after, limit, lock: false }),
    plan: async (tx, readers) => {
      const { able } = divide(readers, (reader) => slotToCome(reader, edition, now, ctx.config.LATE_HOURS));
      const due = able.flatMap(({ reader, found: slot }) => (slot ? [{ reader, slot }] : []));
      const ready = due.filter(({ reader }) => !reader.interests.some((id) => unmatched.has(Math.abs(id))));
      const chosen = await choose({ ctx, tx, book, edition }, ready);
      found.slots += due.length;
      found.waiting += due.length - ready.length;
      found.newsletters += chosen.length;
      found.nothing += ready.length - chosen.length;
      found.samples.push(...chosen.slice(0, SAMPLES - found.samples.length));
      looked += readers.length;
      if (looked >= most) stop.abort();
    },
    aside: () => Promise.resolve(),
  });
  return { ...found, cut: stop.signal.aborted };
}

/** Chooses what a reader would get in an edition as things stand; null where nothing new fits. */
export async function foreseeFor(ctx: Context, edition: string, readerId: number): Promise<Chosen | null> {
  const due = await loadAsDue(ctx.db, readerId);
  if (!due) return null;
  const slot = slotOfEdition(due.schedule, edition) ?? firstSlot(edition);
  return chooseOne(ctx, edition, { reader: { ...due, dueAt: slot.at }, slot });
}

/** Chooses what somebody would get who asked for nothing; null where there are no papers. */
export async function foreseeForAnybody(ctx: Context, edition: string): Promise<Chosen | null> {
  const slot = firstSlot(edition);
  const [cadence = 'daily'] = cadencesOf(edition);
  const reader: DueSubscriber = {
    ...{ id: 0, schedule: { ...DEFAULT_SCHEDULE, cadence }, interests: [] },
    ...{ maxPapers: ctx.config.MAX_PAPERS, selectivity: DEFAULT_SELECTIVITY, perhaps: false, confirmations: 1 },
    ...{
      dueAt: slot.at,
      lastSlotOn: null,
      lastNewsletterAt: null,
      pausedUntil: null,
      restUntil: null,
      suppressed: false,
    },
  };
  return chooseOne(ctx, edition, { reader, slot });
}

interface Ready {
  reader: DueSubscriber;
  slot: Slot;
}

async function chooseOne(ctx: Context, edition: string, ready: Ready): Promise<Chosen | null> {
  const [chosen] = await choose({ ctx, tx: ctx.db, book: openEditionBook(ctx), edition }, [ready]);
  return chosen ?? null;
}

async function choose(
  { ctx, tx, book, edition }: { ctx: Context; tx: Tx; book: EditionBook; edition: string },
  ready: readonly Ready[],
): Promise<Chosen[]> {
  if (ready.length === 0) return [];
  const wanted: Wanted[] = [];
  for (const { reader, slot } of ready) {
    const papers = [await book.on(slot.at.toISOString().slice(0, 10))];
    const dates = { slotAt: slot.at, issuedOn: slot.on, lateAt: slot.at };
    wanted.push({ reader, papers, editionKey: edition, ...dates, news: true });
  }
  return (await chooseNewsletters(ctx, tx, wanted)).chosen;
}

function firstSlot(edition: string): Slot {
  const { from } = editionDays(edition);
  return { at: new Date(`${from}T08:00:00Z`), on: from };
}
