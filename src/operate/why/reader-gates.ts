import type { Said } from '../../model/why.ts';
import type { Facts } from './facts.ts';

/** What a gate came to. */
export interface Judged {
  stops: boolean;
  says: Said | null;
  link?: string | null;
}

/** Says something, by its string and the values in it. */
export function said(code: string, values: Said['values'] = {}): Said {
  return { code, values };
}

/** Lets through. */
export const passes = (says: Said | null, link: string | null = null): Judged => ({ stops: false, says, link });

/** Stops here. */
export const stops = (says: Said, link: string | null = null): Judged => ({ stops: true, says, link });

/** Where a reader's page is. */
export const readerPage = ({ reader }: Facts): string => `/admin/subscribers/${reader.publicId}`;

/** Whether somebody read here when it was decided. */
export function statusGate(facts: Facts): Judged {
  const { reader, slot, mail } = facts;
  const page = readerPage(facts);
  if (mail && slot.past) return passes(said('status-then', { at: slot.decidedAt }), page);
  if (slot.stop === 'not-confirmed-yet')
    return reader.confirmedAt
      ? stops(said('not-confirmed-then', { at: reader.confirmedAt }), page)
      : stops(said('never-confirmed'), page);
  if (reader.status === 'unsubscribed' && (!slot.past || leftBy(facts)))
    return stops(said('unsubscribed', { at: reader.unsubscribedAt ?? reader.createdAt }), page);
  if (reader.status === 'pending' && !slot.past) return stops(said('never-confirmed'), page);
  // By a consent that a later one has replaced.
  if (slot.past && reader.confirmedAt !== null && reader.confirmedAt > slot.decidedAt)
    return passes(said('status-then', { at: slot.decidedAt }), page);
  return passes(said('confirmed', { at: reader.confirmedAt ?? reader.createdAt }), page);
}

function leftBy({ reader, slot }: Facts): boolean {
  return reader.unsubscribedAt !== null && reader.unsubscribedAt <= slot.decidedAt;
}

/** Whether the address might be mailed at all. */
export function suppressionGate(facts: Facts): Judged {
  const { suppression, slot } = facts;
  if (!suppression || (slot.past && suppression.at > slot.decidedAt)) return passes(said('not-suppressed'));
  return stops(said(`suppressed-${suppression.reason}`, { at: suppression.at }), '/admin/suppressions');
}

/** Whether the reader wanted a rest. */
export function pauseGate(facts: Facts): Judged {
  const { slot, reader } = facts;
  if (!slot.paused) return passes(said('not-paused'));
  return stops(said('paused', { until: reader.pausedUntil ?? slot.decidedAt }), readerPage(facts));
}

/** Whether the edition had a slot for the reader, in time. */
export function slotGate(facts: Facts): Judged {
  const { slot, mail, now } = facts;
  const page = slot.edition === null ? null : `/admin/editions/${encodeURIComponent(slot.edition)}`;
  if (mail?.editionState === 'paused' && (mail.parked || isWaiting(facts))) return stops(said('edition-paused'), page);
  const steered = steeredBefore(facts);
  if (steered) return stops(said(steered), page);
  const at = slot.slot?.at ?? now;
  if (slot.stop === null && !slot.past && !mail && slot.slot) {
    return at > now || slot.decidedAt > now
      ? passes(said('slot-comes', { at }), page)
      : passes(said('slot-due', { at }), page);
  }
  // It waited, and the next slot came.
  if (wasUnwritten(facts)) return stops(said('slot-merged', { at }), page);
  if (slot.stop === null) return passes(planned(slot, at), page);
  if (slot.stop === 'set-aside') return stops(said('set-aside', { problem: slot.problem ?? '' }), readerPage(facts));
  return stops(said(`slot-${slot.stop}`, { at }), page);
}

/** What an operator did to the edition before anything of it was written for the reader; null where nothing did. */
function steeredBefore(facts: Facts): 'slot-edition-cancelled' | 'edition-paused' | null {
  const { slot, mail, editionState } = facts;
  if (mail || !slot.slot) return null;
  if (editionState === 'cancelled' && (!slot.past || wasUnwritten(facts))) return 'slot-edition-cancelled';
  return editionState === 'paused' && !slot.past && slot.stop === null ? 'edition-paused' : null;
}

/** Nothing was against it then, and still it was not written. */
function wasUnwritten({ slot, mail, choice }: Facts): boolean {
  return slot.past && !mail && !slot.nothing && choice?.real.outcome === 'chosen';
}

/** Says when the slot was, and when it was decided where that is known. */
function planned({ decidedAt }: Facts['slot'], at: Date): Said {
  return decidedAt.getTime() === at.getTime()
    ? said('slot-was', { at })
    : said('slot-planned', { at, planned: decidedAt });
}

function isWaiting({ mail }: Facts): boolean {
  return mail !== null && (mail.state === 'planned' || mail.state === 'retrying');
}
