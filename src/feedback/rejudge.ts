import type { FeedbackEvent } from './event.ts';
import { eventsOf, type KnownMail, type PlacedEvent } from './events-of.ts';
import { fateOf, isHeavier } from './fate.ts';
import type { Effect, FeedbackKind, RefusalTopic } from '../model/feedback.ts';

/** An event as it was understood before. */
export interface Understood {
  id: string;
  kind: FeedbackKind;
  about: RefusalTopic | null;
  effect: Effect | null;
  line: string | null;
  named: string | null;
  corrected: boolean;
  delivery: { id: string; publicId: string; email: string | null } | null;
}

/** An event that today's rules understand otherwise, so that its address fares otherwise. */
export interface Rejudged<Was extends Understood = Understood> {
  was: Was;
  is: PlacedEvent;
  /** True where it is harder on the reader than it was. */
  heavier: boolean;
}

/** Effects that an operator, or the end of an outage, gave: these stand. */
const DECIDED: readonly (Effect | null)[] = ['undone', 'excused', 'asked'];
const FORGED = 'its signature is false';

/**
 * Compares what a report was understood as with what it is understood as now: whose fate differs. The mails it speaks
 * of are those that were found when it came.
 */
export function rejudge<Was extends Understood>(before: readonly Was[], event: FeedbackEvent): Rejudged<Was>[] {
  const mails = before.flatMap(({ delivery }) => (delivery ? [knownMail(delivery)] : []));
  const only = mails.length === 1 && before.length === 1 ? (mails[0] ?? null) : null;
  const placed = eventsOf(event, {
    mail: only,
    isForged: before.some(({ line }) => line === FORGED),
    isTold: false,
    signed: null,
    writer: null,
    onlyMailTo: (address) => mails.find(({ email }) => email === address) ?? null,
  });
  return before.flatMap((was) => {
    if (was.corrected || was.effect === null || DECIDED.includes(was.effect) || !was.delivery) return [];
    const is = placed.find(({ mail }) => mail?.publicId === was.delivery?.publicId) ?? nothingOf(was.delivery, event);
    const [old, now] = [fateOf(was), fateOf({ kind: is.kind, about: is.said.about })];
    return old === now ? [] : [{ was, is, heavier: isHeavier(now, old) }];
  });
}

/**
 * Says of which mail a report speaks that belonged to none, by what it returns or quotes of ours: null where it is
 * still nobody's, or changes nothing.
 */
export function placeAnew<Was extends Understood>(
  before: readonly Was[],
  event: FeedbackEvent,
  mail: KnownMail | null,
): Rejudged<Was> | null {
  const [was] = before;
  if (!was || before.length > 1 || was.delivery || was.corrected || was.line === FORGED || !mail) return null;
  const clues = { mail, isForged: false, isTold: false, signed: null, writer: null };
  const [is] = eventsOf(event, { ...clues, onlyMailTo: () => null });
  return is?.mail && fateOf({ kind: is.kind, about: is.said.about }) !== 'none' ? { was, is, heavier: true } : null;
}

/** What a report says of a mail that it names no more. */
function nothingOf(delivery: NonNullable<Understood['delivery']>, { kind, because }: FeedbackEvent): PlacedEvent {
  const isOfOthers = kind === 'hard' || kind === 'soft' || kind === 'complaint';
  const said = { status: null, reply: null, about: null, rule: null, line: because };
  return { kind: isOfOthers ? 'other' : kind, mail: knownMail(delivery), named: null, writer: null, said };
}

function knownMail({ id, publicId, email }: NonNullable<Understood['delivery']>): KnownMail {
  return { id: BigInt(id), publicId, email };
}
