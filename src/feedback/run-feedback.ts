import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { transaction } from '../db/client.ts';
import { sparing } from '../lib/sparing.ts';
import type { Received, Taken, TakeIn } from './received.ts';
import { storeWithin, type Understood } from './store.ts';
import { understand } from './parse-report.ts';

/** As many as one transaction takes in. */
const MOST = 200;

interface Waiting {
  item: Understood;
  resolve: (taken: Taken) => void;
  reject: (error: unknown) => void;
}

/**
 * Returns what takes in whatever a door received: it is understood, kept as it came, recorded with the mails it speaks
 * of, and weighed, in one transaction. What comes meanwhile goes into the next one together; one that the database
 * refuses is taken apart from the others.
 */
export function takeIn(ctx: Context): TakeIn {
  let waiting: Waiting[] = [];
  let busy = false;

  async function run(): Promise<void> {
    if (busy) return;
    busy = true;
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MOST);
      waiting = waiting.slice(MOST);
      await write(ctx, batch);
    }
    busy = false;
  }

  return async (received) => {
    const item = await understood(received);
    return new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      void run();
    });
  };
}

async function understood(received: Received): Promise<Understood> {
  const envelope = [...received.recipients].sort().join('\n');
  const sha256 = createHash('sha256').update(received.bytes).update(envelope).digest();
  if (received.told) return { received, sha256, mail: null, events: received.told };
  const { event, mail } = received.understood ?? (await understand(received.bytes));
  return { received, sha256, mail, events: [event] };
}

async function write(ctx: Context, batch: readonly Waiting[]): Promise<void> {
  try {
    const refused = await sparing(batch, async (some) => {
      const told: (() => Promise<void>)[] = [];
      const taken = await transaction(ctx.db, (tx) =>
        storeWithin(
          ctx,
          tx,
          some.map(({ item }) => item),
          told,
        ),
      );
      for (const [at, { resolve }] of some.entries()) resolve(taken[at] ?? { isNew: false, events: [] });
      for (const tell of told)
        await tell().catch((error: unknown) => ctx.log.error({ err: error }, 'telling of feedback'));
    });
    for (const { one, error } of refused) one.reject(error);
  } catch (error) {
    for (const { reject } of batch) reject(error); // of those that are in, nothing follows
  }
}
