import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { AppError } from '../lib/errors.ts';
import { inGroups, type Rest } from '../lib/in-groups.ts';
import { sparing } from '../lib/sparing.ts';
import type { Received, Taken, TakeIn } from './received.ts';
import { patienceMs } from './give-way.ts';
import { actsByItself, type Understood } from './place-events.ts';
import { mayBeProven, provenSince } from './proven-letter.ts';
import type { Asking } from './signed-from.ts';
import { storeWithin } from './store.ts';
import { understand } from './parse-report.ts';

/** As much as one transaction takes in, of each; one that is larger is taken in alone. */
const MOST = { reports: 200, events: 500, bytes: 8 * 2 ** 20 };

interface Waiting {
  item: Understood;
  resolve: (taken: Taken) => void;
  reject: (error: unknown) => void;
}

/** How things are taken in. */
export interface TakingIn {
  /** How name servers are asked whether a letter is signed. */
  asking?: Asking;
  /** Rests between two groups, where others are to go first. */
  rest?: Rest;
}

/**
 * Returns what takes in whatever a door received: it is understood, kept as it came, recorded with the mails it speaks
 * of, and weighed, in one transaction. What comes meanwhile goes into the next one together, which leaves the same
 * behind as one by one; one that the database refuses is taken apart from the others.
 */
export function takeIn(ctx: Context, { asking, rest }: TakingIn = {}): TakeIn {
  const join = inGroups<Waiting>({
    work: (group) => write(ctx, group),
    weightOf: ({ item }) => weightOf(item),
    ...(rest && { rest }),
    patienceMs: ({ item }) => patienceMs(item.received),
  });
  const take = (received: Received, provenAt: Date | null): Promise<Taken> =>
    new Promise((resolve, reject) => {
      join(async () => ({ item: await understood(received, provenAt), resolve, reject })).catch(reject);
    });
  return async (received) =>
    take(received, mayBeProven(ctx.config, received) ? await provenSince(ctx, received, asking) : null);
}

/** How much of a transaction something takes; what its reader does by writing it is done before anything else. */
function weightOf(item: Understood): number {
  const { received, events } = item;
  if (actsByItself(item)) return 1;
  return Math.max(1 / MOST.reports, events.length / MOST.events, received.bytes.length / MOST.bytes);
}

async function understood(received: Received, provenAt: Date | null): Promise<Understood> {
  const sha256 = createHash('sha256').update(received.bytes).update(besideBytes(received)).digest();
  if (received.told) return { received, sha256, mail: null, events: received.told, provenAt };
  const { event, mail } = received.understood ?? (await understand(received.bytes));
  return { received, sha256, mail, events: [event], provenAt };
}

/** What tells two reports of the same bytes apart: whom the envelope named, or the ids of what a provider tells. */
function besideBytes({ recipients, told }: Received): string {
  return (told ? told.map(({ id }) => id ?? '') : [...recipients].sort()).join('\n');
}

async function write(ctx: Context, batch: readonly Waiting[]): Promise<void> {
  try {
    const refused = await sparing(batch, async (some) => {
      const items = some.map(({ item }) => item);
      const { taken, told } = await store(ctx, items);
      for (const [at, { resolve }] of some.entries()) resolve(taken[at] ?? { isNew: false, events: [] });
      for (const tell of told)
        await tell().catch((error: unknown) => ctx.log.error({ err: error }, 'telling of feedback'));
    });
    for (const { one, error } of refused) one.reject(error);
  } catch (error) {
    for (const { reject } of batch) reject(error); // of those that are in, nothing follows
  }
}

/** So often what came is stored anew where one of its events became known while it was weighed. */
const TRIES = 10;

/** Stores what came in one transaction. */
async function store(ctx: Context, items: readonly Understood[], tries = 1) {
  const told: (() => Promise<void>)[] = [];
  try {
    return { taken: await transaction(ctx.db, (tx) => storeWithin(ctx, tx, items, told)), told };
  } catch (error) {
    if (tries === TRIES || !(error instanceof AppError && error.code === 'conflict')) throw error;
    return store(ctx, items, tries + 1);
  }
}
