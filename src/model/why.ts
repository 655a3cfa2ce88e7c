import type { DeliveryState, EndReason } from './delivery.ts';

/** What a mail or a paper passes on its way to a reader, in the order in which it is asked. */
export const GATES = [
  'status',
  'suppression',
  'pause',
  'slot',
  'digest',
  'match',
  'mute',
  'shown',
  'rank',
  'size',
  'warm-up',
  'quiet-hours',
  'pace',
  'circuit',
  'reply',
  'later',
] as const;

export type GateName = (typeof GATES)[number];

/** What is said: a string `admin.why.says.<code>` and the values in it; instants are worded by whoever shows them. */
export interface Said {
  code: string;
  values: Record<string, string | number | Date>;
}

/** One gate: passed, stopped here, or not reached; with the fact that decided, and where to look at it. */
export interface Gate {
  name: GateName;
  standing: 'passed' | 'stopped' | 'not-reached';
  says: Said | null;
  /** A page of the admin's; null where there is none. */
  link: string | null;
}

/** Why a reader got what they got, or would get what they would. */
export interface Why {
  email: string;
  /** Public id of the reader; null where nobody reads at the address. */
  reader: string | null;
  /** The edition asked for, or the next one; null where none is to come. */
  edition: string | null;
  paper: { id: string; title: string } | null;
  /** happened: told from what was written down · foreseen: what would happen as things stand. */
  about: 'happened' | 'foreseen';
  /** Public id of the delivery and what became of it; null where there is none. */
  delivery: { id: string; state: DeliveryState; endReason: EndReason | null } | null;
  /** Where it stopped; null where nothing stopped it (yet). */
  stoppedAt: GateName | null;
  answer: Said;
  gates: Gate[];
}

/** At which gate a mail was stopped that ended for a reason. */
export const GATE_OF_END: Readonly<Record<EndReason, GateName>> = {
  late: 'slot',
  edition_cancelled: 'slot',
  replaced: 'slot',
  not_composed: 'size',
  used_up: 'reply',
  refused: 'reply',
  lost: 'reply',
  worker_died: 'reply',
  paused: 'pause',
  suppressed: 'suppression',
  unsubscribed: 'status',
  declined: 'status',
  erased: 'status',
  not_confirmed: 'status',
  address_changed: 'status',
  address_unknown: 'status',
  newsletter_gone: 'status',
  request_gone: 'status',
  taken_back: 'status',
  already_answered: 'status',
  already_confirmed: 'status',
  expired: 'status',
  kind_unknown: 'status',
};
