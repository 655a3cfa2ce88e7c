import type { KnownMail } from '../db/ledger/journaled.ts';
import { WAITING_STATES } from '../model/delivery.ts';
import type { JournaledMail } from './read-journal.ts';

/**
 * What a mail of the journal means for the ledger. known: it has it · end: its row did not go yet · make: it has no row
 * · nobody: its reader is not there, or there is none.
 */
export type MailVerdict = 'known' | 'end' | 'make' | 'nobody';

/** Decides what a mail that went means for the ledger as it stands. */
export function decideMail(
  { handed, outcome }: Pick<JournaledMail, 'handed' | 'outcome'>,
  known: KnownMail,
): MailVerdict {
  const { state, attempt } = known;
  if (known.deliveryId === null || state === null) return handed.to && known.readerId !== null ? 'make' : 'nobody';
  if (state === 'sent') return 'known';
  const stillHere = WAITING_STATES.includes(state) || (state === 'sending' && !known.handed);
  if (!known.same) return stillHere ? 'end' : 'known';
  if (outcome === 'sent') return 'end';
  const claims = attempt ?? 0;
  const heard = claims > handed.attempt || (claims === handed.attempt && !(state === 'sending' && !known.handed));
  return heard ? 'known' : 'end';
}

/** Tells whether a ledger never heard of a try that went, so that it is older than the journal: tries only grow. */
export function isUnheard({ handed }: Pick<JournaledMail, 'handed'>, known: KnownMail): boolean {
  if (known.deliveryId === null) return handed.to !== null && known.readerId !== null;
  return !known.same || (known.attempt ?? 0) < handed.attempt;
}
