import type { Context } from '../context.ts';
import type { Tx } from '../db/client.ts';
import { findSubscriberByEmail } from '../db/subscribers/subscribers.ts';
import { canonicalAddress } from '../model/address.ts';
import { askForLinkWithin } from '../subscribers/ask-for-link.ts';
import { findLeaver } from '../subscribers/leave-by-mail.ts';

/** A reader who wrote a letter. */
export interface LetterWriter {
  id: number;
  email: string;
  /** What says so beside the letter's From: our own token, or the signature of its domain. */
  proof: 'token' | 'domain' | null;
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

/** Sends a reader who wrote to leave the link that does it: whose letter it is, its From does not prove. */
export async function askByLink(ctx: Context, tx: Tx, { email }: LetterWriter): Promise<void> {
  await askForLinkWithin(ctx, tx, email);
  await ctx.queue.wake('deliver', tx);
}
