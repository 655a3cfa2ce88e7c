import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { listConsents, type ConsentEvidence } from '../db/subscribers/consents.ts';
import { listReactions } from '../db/interests/reactions.ts';
import { listSentTo, type SentMail } from '../db/subscribers/sent.ts';
import { loadWishes } from '../db/subscribers/subscribers.ts';
import type { Wish } from '../model/interest.ts';
import { preferencesOf } from './preferences.ts';
import { readerOf } from './reader-of.ts';
import type { Subscriber } from '../model/subscriber.ts';
import type { ReactionKind } from '../model/reaction.ts';

/** Everything kept about a person, for them to take along (GDPR 15, 20). */
export interface PersonalData {
  email: string;
  status: Subscriber['status'];
  source: string;
  createdAt: Date;
  confirmedAt: Date | null;
  unsubscribedAt: Date | null;
  pausedUntil: Date | null;
  nextDueAt: Date | null;
  preferences: ReturnType<typeof preferencesOf>;
  interests: Wish[];
  reactions: { paperPublicId: string; title: string; kind: ReactionKind; at: Date }[];
  consents: ConsentEvidence[];
  mails: SentMail[];
}

/** Collects what is kept about the reader of a link; null where the link is not theirs. */
export async function exportData(ctx: Context, token: string): Promise<PersonalData | null> {
  const subscriber = await readerOf(ctx, ctx.db, 'preferences', token);
  return subscriber && personalData(ctx.db, subscriber);
}

/** Papers given as examples are told as they were given; which of ours they are is no datum of the reader's. */
function toldWish({ like, ...wish }: Wish): Wish {
  if (!like) return wish;
  const examples = like.examples.map(({ arxivId, doi, title, abstract }) => ({ arxivId, doi, title, abstract }));
  return { ...wish, like: { ...like, examples } };
}

/** Collects what is kept about a person. */
export async function personalData(db: Tx, subscriber: Subscriber): Promise<PersonalData> {
  const { email, status, source, createdAt, confirmedAt, unsubscribedAt, pausedUntil, nextDueAt } = subscriber;
  return {
    ...{ email, status, source, createdAt, confirmedAt, unsubscribedAt, pausedUntil, nextDueAt },
    preferences: preferencesOf(subscriber),
    interests: (await loadWishes(db, subscriber.id)).map(toldWish),
    reactions: await listReactions(db, subscriber.id),
    consents: await listConsents(db, subscriber.id),
    mails: await listSentTo(db, subscriber.id, new Date(0)),
  };
}
