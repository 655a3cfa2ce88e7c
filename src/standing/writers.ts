import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import type { PROVEN_BY } from '../db/feedback/events.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { canonicalAddress } from '../model/address.ts';
import { askForLinkWithin } from '../subscribers/ask-for-link.ts';
import { findLeaver } from '../subscribers/leave-by-mail.ts';

/** A reader who wrote a letter, or who leaves as their provider tells. */
export interface LetterWriter {
  id: number;
  email: string;
  /** What says so beside the letter's From: our own token, the signature of its domain, or a provider. */
  proof: keyof typeof PROVEN_BY | null;
}

/**
 * Finds the reader who wrote a letter: by the token that it bears, else by its From, which proves nothing but where its
 * domain signed the letter (`provenAt`, when it was written) after they last agreed.
 */
export async function findWriter(
  ctx: Context,
  tx: Tx,
  { token, from, provenAt }: { token: string | null; from: string; provenAt: Date | null },
): Promise<LetterWriter | null> {
  const leaver = token === null ? null : await findLeaver(ctx, tx, token);
  if (leaver) return { id: leaver.id, email: leaver.email, proof: 'token' };
  const address = canonicalAddress(from);
  const reader = address.ok ? await findSubscriberByEmail(tx, address.address) : null;
  if (!reader) return null;
  const isProven = provenAt !== null && reader.confirmedAt !== null && provenAt > reader.confirmedAt;
  return { id: reader.id, email: reader.email, proof: isProven ? 'domain' : null };
}

/** Finds the reader who leaves as a provider tells by a webhook, by the address that it names. */
export async function findToldLeaver(tx: Tx, address: string): Promise<LetterWriter | null> {
  const plain = canonicalAddress(address);
  const reader = plain.ok ? await findSubscriberByEmail(tx, plain.address) : null;
  return reader && { id: reader.id, email: reader.email, proof: 'provider' };
}

/**
 * Sends a reader who wrote to leave the link that does it: whose letter it is, its From does not prove. Returns whether
 * they have it: it goes now, or went lately.
 */
export async function askByLink(ctx: Context, tx: Tx, email: string): Promise<boolean> {
  const isAsked = await askForLinkWithin(ctx, tx, email);
  await ctx.queue.wake('deliver', tx);
  return isAsked;
}
