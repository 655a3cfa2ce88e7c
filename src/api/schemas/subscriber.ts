import { z } from 'zod';
import type { ListedSubscriber } from '../../db/subscribers/list.ts';
import { maskedAddress } from '../../model/masked.ts';
import type { Wish } from '../../model/interest.ts';
import { SELECTIVITIES } from '../../model/match.ts';
import { CADENCES, MAX_PAPERS_LIMIT } from '../../model/subscriber.ts';
import { address, instant, iso } from './common.ts';
import { answer, pageOf } from './named.ts';

/** What a subscriber may be. */
export const STATUSES = ['pending', 'confirmed', 'unsubscribed'] as const;

/** What can be asked for. */
export const INTEREST_KINDS = ['topic', 'words', 'author', 'organization', 'like'] as const;

const example = z.object({
  arxivId: z.string().nullable(),
  doi: z.string().nullable(),
  title: z.string(),
  abstract: z.string(),
});

/** What a reader asked for, in their own words. */
export const wish = answer(
  'SubscriberInterest',
  z.object({
    kind: z.enum(INTEREST_KINDS),
    text: z.string().describe('The slug of a topic, else the words'),
    muted: z.boolean().describe('Papers with it are left out'),
    like: z
      .object({ examples: z.array(example), leftOut: z.array(z.string()) })
      .optional()
      .describe('Papers given as examples, and what they are no examples of'),
  }),
);

/** A reader, as API and `subscribers list --json` tell of one. */
export const subscriber = answer(
  'Subscriber',
  z.object({
    id: z.string(),
    email: address,
    status: z.enum(STATUSES),
    suppressed: z.string().nullable().describe('Why nothing may go to the address'),
    cadence: z.enum(CADENCES),
    weekday: z.int().min(1).max(7).describe('Of the weekly newsletter, 1 = Monday'),
    hour: z.int().min(0).max(23).describe('Local hour'),
    timeZone: z.string().describe('IANA time zone'),
    maxPapers: z.int().min(1).max(MAX_PAPERS_LIMIT),
    selectivity: z.enum(SELECTIVITIES),
    perhaps: z.boolean(),
    language: z.string(),
    interests: z.array(wish),
    source: z.string().describe('Which door they came by'),
    createdAt: instant,
    confirmedAt: instant.nullable(),
    unsubscribedAt: instant.nullable(),
    pausedUntil: instant.nullable(),
    nextDueAt: instant.nullable(),
  }),
);

/** A page of readers. */
export const subscriberPage = pageOf('SubscriberPage', subscriber);

/** Tells of a reader, their address in full or masked. */
export function subscriberView(row: ListedSubscriber, seesAddresses: boolean): z.output<typeof subscriber> {
  const { publicId, email, status, cadence, weekday, hour, timeZone, maxPapers, selectivity, perhaps, language } = row;
  return {
    id: publicId,
    email: seesAddresses ? email : maskedAddress(email),
    status,
    suppressed: row.suppressed,
    ...{ cadence, weekday, hour, timeZone, maxPapers, selectivity, perhaps, language },
    interests: row.wishes.map(wishView),
    source: row.source,
    createdAt: row.createdAt.toISOString(),
    confirmedAt: iso(row.confirmedAt),
    unsubscribedAt: iso(row.unsubscribedAt),
    pausedUntil: iso(row.pausedUntil),
    nextDueAt: iso(row.nextDueAt),
  };
}

function wishView({ kind, text, muted, like }: Wish): z.output<typeof wish> {
  const examples = like?.examples.map(({ arxivId, doi, title, abstract }) => ({ arxivId, doi, title, abstract })) ?? [];
  return { kind, text, muted, ...(like && { like: { examples, leftOut: [...like.leftOut] } }) };
}
