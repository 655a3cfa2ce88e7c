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
  /** Our own token says so, and not the letter's From alone. */
  isSigned: boolean;
}

/** Finds the reader who wrote a letter: by the token that it bears, else by its From, which proves nothing. */
export async function findWriter(
  ctx: Context,
  tx: Tx,
  { token, from }: { token: string | null; from: string },
): Promise<LetterWriter | null> {
  const leaver = token === null ? null : await findLeaver(ctx, tx, token);
  if (leaver) return { id: leaver.id, email: leaver.email, isSigned: true };
  const address = canonicalAddress(from);
  const reader = address.ok ? await findSubscriberByEmail(tx, address.address) : null;
  return reader && { id: reader.id, email: reader.email, isSigned: false };
}

/** Sends a reader who wrote to leave the link that does it: whose letter it is, its From does not prove. */
export async function askByLink(ctx: Context, tx: Tx, { email }: LetterWriter): Promise<void> {
  await askForLinkWithin(ctx, tx, email);
  await ctx.queue.wake('deliver', tx);
}
