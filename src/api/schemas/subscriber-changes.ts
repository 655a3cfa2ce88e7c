import { z } from 'zod';
import { languages } from '../../lib/strings.ts';
import { MAX_INTEREST_LENGTH, MAX_INTERESTS } from '../../model/interest.ts';
import { SELECTIVITIES } from '../../model/match.ts';
import { CADENCES, MAX_PAPERS_LIMIT } from '../../model/subscriber.ts';
import { instant } from './common.ts';
import { answer, request } from './named.ts';
import { INTEREST_KINDS, subscriber } from './subscriber.ts';

/** An address as programs give it. */
export const emailGiven = z.string().min(3).max(320).describe('An address such as ada@example.org');

/** Tells whether mails are worded in a language, whatever its region: de, de-AT. */
function isWorded(language: string): boolean {
  return languages().includes(language.toLowerCase().split('-')[0] ?? '');
}

const texts = z.array(z.string().max(2 * MAX_INTEREST_LENGTH)).max(2 * MAX_INTERESTS);

const schedule = {
  cadence: z.enum(CADENCES),
  weekday: z.int().min(1).max(7).describe('Of the weekly newsletter, 1 = Monday'),
  hour: z.int().min(0).max(23).describe('Local hour'),
  timeZone: z.string().max(100).describe('IANA time zone such as Europe/Lisbon'),
  maxPapers: z.int().min(1).max(MAX_PAPERS_LIMIT),
  selectivity: z.enum(SELECTIVITIES),
  perhaps: z.boolean(),
  language: z
    .string()
    .max(35)
    .refine(isWorded, { error: () => `expected a language that mails are worded in: ${languages().join(', ')}` }),
};

const wishes = {
  topics: texts.describe('Slugs of GET /topics'),
  interests: texts.describe('Free words'),
  authors: texts,
  organizations: texts,
  muted: texts.describe('Words that bar a paper; also `author: …`, `organization: …`, `topic: …`'),
  like: z
    .array(z.string().max(100_000))
    .max(500)
    .describe('Papers as examples: arXiv ids, DOIs, links, titles, BibTeX'),
};

/** What somebody wants, as a preview is asked for it. */
export const wishesGiven = request('Wishes', z.strictObject({ ...wishes, ...schedule }).partial());

/** Evidence that somebody agreed elsewhere: with it they are confirmed at once. */
const consent = z.strictObject({
  at: z.iso.datetime({ offset: true }).describe('When they agreed'),
  source: z.string().trim().min(1).max(200).describe('Where they agreed'),
});

/** A reader to be. */
export const subscriberGiven = request(
  'SubscriberCreate',
  z.strictObject({
    email: emailGiven,
    consent: consent.optional(),
    ...z.strictObject({ ...wishes, ...schedule }).partial().shape,
  }),
);

const interestGiven = z.strictObject({
  kind: z.enum(INTEREST_KINDS),
  text: z.string().min(1).max(100_000),
  muted: z.boolean().default(false),
  like: z.unknown().optional().describe('Told by GET; taken from the text, or from what the reader holds'),
});

/** Changes to a reader: what is left out stays as it is. */
export const subscriberChange = request(
  'SubscriberChange',
  z.strictObject({
    ...z.strictObject(schedule).partial().shape,
    interests: z
      .array(interestGiven)
      .max(2 * MAX_INTERESTS)
      .optional()
      .describe('All of them, in place of those held'),
  }),
);

/** A pause. */
export const pauseGiven = request(
  'Pause',
  z.strictObject({ until: z.iso.datetime({ offset: true }).describe('A year ahead at most') }),
);

/** What became of a sign-up without evidence. */
export const accepted = answer(
  'SubscriberAccepted',
  z.object({
    outcome: z.literal('accepted'),
    subscriber: subscriber.nullable().describe('Null where nothing may be sent to the address'),
  }),
);

/** What became of an act on a reader. */
export const readerAct = answer(
  'SubscriberAct',
  z.object({
    outcome: z.enum(['paused', 'resumed', 'unsubscribed', 'already', 'restored']),
    cancelled: z.int().describe('Mails on their way that were stopped'),
    nextDueAt: instant.nullable(),
  }),
);

/** What became of an erasure. */
export const erased = answer('Erased', z.object({ outcome: z.literal('erased') }));
