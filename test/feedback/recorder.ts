import { createHash } from 'node:crypto';
import type { Received, Taken, TakeIn, ToldEvent } from '../../src/feedback/received.ts';
import { parseReport } from '../../src/feedback/parse-report.ts';
import type { FeedbackEvent } from '../../src/feedback/event.ts';

/** What takes in whatever a door brings, in memory: each thing once, by its bytes, its place and a provider's ids. */
export interface Recorder {
  takeIn: TakeIn;
  /** What was new, in order. */
  received: Received[];
  /** Events that were new. */
  events: ToldEvent[];
  /** Thrown instead of taking anything in, while it is set. */
  failure: Error | null;
  /** How often something was brought that was there. */
  again: number;
  /** Waits for so many things that were new. */
  until(count: number): Promise<void>;
}

/** The database is away, as `pg` tells it. */
export function outage(): Error {
  return Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' });
}

/** Starts a recorder. */
export function recorder(): Recorder {
  const known = new Set<string>();
  const test: Recorder = {
    received: [],
    events: [],
    failure: null,
    again: 0,
    takeIn: async (received) => {
      if (test.failure) throw test.failure;
      const names = namesOf(received);
      const told = received.told ?? [await eventIn(received)];
      const fresh = told.filter(({ id }) => id === null || !known.has(id));
      if (names.some((name) => known.has(name)) || fresh.length === 0) {
        for (const name of names) known.add(name);
        test.again += 1;
        return { isNew: false, events: [] };
      }
      for (const name of [...names, ...fresh.flatMap(({ id }) => id ?? [])]) known.add(name);
      test.received.push(received);
      test.events.push(...fresh);
      return { isNew: true, events: fresh.map(stored) };
    },
    until: async (count) => {
      for (let tries = 0; test.received.length < count && tries < 1_000; tries++)
        await new Promise((resolve) => setTimeout(resolve, 10));
      if (test.received.length < count) throw new Error(`${test.received.length} of ${count} came in`);
    },
  };
  return test;
}

function namesOf({ bytes, place }: Received): string[] {
  const hash = createHash('sha256').update(bytes).digest('hex');
  return place === undefined ? [hash] : [hash, place];
}

async function eventIn({ bytes, understood }: Received): Promise<ToldEvent> {
  const event: FeedbackEvent = understood?.event ?? (await parseReport(bytes));
  return { ...event, id: null, token: null, messageId: null };
}

/** A report finds its delivery where it names somebody. */
function stored({ kind, recipients }: ToldEvent): Taken['events'][number] {
  const address = recipients[0]?.address ?? null;
  return { kind, address, delivery: address === null ? null : `of ${address}`, effect: 'filed' };
}
