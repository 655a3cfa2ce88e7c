import { STATES_THAT_SHOW, WAITING_STATES, type DeliveryState } from '../../model/delivery.ts';
import type { MailKind } from '../../model/mail-kind.ts';
import type { Tx } from '../client.ts';
import { bool, enumOf, int4, int8, orNull } from '../columns.ts';
import { command, query, raw, sql } from '../statement.ts';
import { LET_GO } from './moves.ts';

/** A mail as a journal names it. */
export interface MailName {
  /** Public id of its delivery. */
  mail: string;
  kind: MailKind;
  /** Public id of its reader, and its key; null where it goes to no reader. */
  to: { reader: string; key: string } | null;
}

/** What the ledger knows of it: its reader, and its row, by its own name or as the reader's mail of that key. */
export interface KnownMail {
  /** Place among the names, from 0. */
  place: number;
  readerId: number | null;
  deliveryId: bigint | null;
  newsletterId: bigint | null;
  state: DeliveryState | null;
  attempt: number | null;
  handed: boolean;
  /** Found by its own name. */
  same: boolean;
}

const known = query(
  'mails of a journal',
  {
    ...{ place: int4, readerId: orNull(int4), deliveryId: orNull(int8), newsletterId: orNull(int8) },
    ...{ state: orNull(enumOf<DeliveryState>('delivery_state')), attempt: orNull(int4), handed: bool, same: bool },
  },
  (given: { mails: string[]; readers: (string | null)[]; kinds: string[]; keys: (string | null)[] }) => sql`
    SELECT v.place::int AS place, s.id AS "readerId", coalesce(own.id, keyed.id) AS "deliveryId",
      coalesce(own.newsletter_id, keyed.newsletter_id) AS "newsletterId", coalesce(own.state, keyed.state) AS state,
      coalesce(own.attempt, keyed.attempt) AS attempt, coalesce(own.handed_at, keyed.handed_at) IS NOT NULL AS handed,
      own.id IS NOT NULL AS same
    FROM (SELECT mail, reader, kind, key, n - 1 AS place FROM unnest(${given.mails}::uuid[], ${given.readers}::text[],
      ${given.kinds}::delivery_kind[], ${given.keys}::text[]) WITH ORDINALITY AS u(mail, reader, kind, key, n)) AS v
    LEFT JOIN deliveries own ON own.public_id = v.mail
    LEFT JOIN subscribers s ON s.public_id = v.reader
    LEFT JOIN deliveries keyed ON own.id IS NULL AND keyed.subscriber_id = s.id AND keyed.kind = v.kind AND keyed.key = v.key
    ORDER BY v.place`,
);

/** Looks up what the ledger knows of mails that a journal names; in their order. */
export function findJournaled(db: Tx, names: readonly MailName[]): Promise<KnownMail[]> {
  return known(db, {
    mails: names.map(({ mail }) => mail),
    readers: names.map(({ to }) => to?.reader ?? null),
    kinds: names.map(({ kind }) => kind),
    keys: names.map(({ to }) => to?.key ?? null),
  });
}

/** How a mail ended that the ledger holds as not gone. */
export interface JournaledEnd {
  deliveryId: bigint;
  attempt: number;
  outcome: 'sent' | 'in-doubt';
  at: Date;
}

const SENT = 'sent before the database was restored; the journal says so';
const DOUBT = 'handed over before the database was restored; whether it arrived is unknown';

interface Ends {
  ids: string[];
  attempts: number[];
  sent: boolean[];
  at: Date[];
}

const ends = (given: Ends) => sql`unnest(${given.ids}::bigint[], ${given.attempts}::int[], ${given.sent}::bool[],
  ${given.at}::timestamptz[]) AS v(id, attempt, sent, at)`;

const standsSo = (states: readonly DeliveryState[]) =>
  raw(`d.state IN (${states.map((state) => `'${state}'`).join(', ')})`);
const ENDED = (['bounced', 'failed', 'cancelled'] as const).filter((state) => !STATES_THAT_SHOW.includes(state));

/** Each is a legal move of its own. */
const waitAgain = command(
  'journal: ended mails wait again',
  (given: Ends) => sql`UPDATE deliveries d SET state = 'retrying', end_reason = NULL, finished_at = NULL
    FROM ${ends(given)} WHERE d.id = v.id AND ${standsSo(ENDED)}`,
);
const takeUp = command(
  'journal: waiting mails are sent',
  (given: Ends) => sql`UPDATE deliveries d SET state = 'sending', parked = false, ${raw(LET_GO)}
    FROM ${ends(given)} WHERE d.id = v.id AND ${standsSo(WAITING_STATES)}`,
);
const end = command(
  'journal: mails were sent',
  (
    given: Ends,
  ) => sql`UPDATE deliveries d SET state = CASE WHEN v.sent THEN 'sent' ELSE 'uncertain' END::delivery_state, ${raw(LET_GO)},
      end_reason = CASE WHEN v.sent THEN NULL ELSE 'lost'::end_reason END, last_reply = CASE WHEN v.sent THEN ${SENT} ELSE ${DOUBT} END,
      attempt = greatest(d.attempt, v.attempt), handed_at = coalesce(d.handed_at, v.at), sent_at = CASE WHEN v.sent THEN v.at END, finished_at = v.at
    FROM ${ends(given)} WHERE d.id = v.id AND d.state IN ('sending', 'uncertain')`,
);
const note = command(
  'journal: tries of mails',
  (given: Ends) => sql`
    INSERT INTO attempts (delivery_id, attempt, worker, outcome, stage, reply, at)
    SELECT v.id, v.attempt, 'journal', CASE WHEN v.sent THEN 'sent' ELSE 'uncertain' END::attempt_outcome, 'reply',
      CASE WHEN v.sent THEN ${SENT} ELSE ${DOUBT} END, v.at
    FROM ${ends(given)}
    ON CONFLICT (delivery_id, attempt) DO UPDATE SET outcome = excluded.outcome, reply = excluded.reply, at = excluded.at
    WHERE excluded.outcome = 'sent' OR attempts.outcome <> 'sent'`,
);

/** Ends mails as a journal says they ended, whatever the ledger held of them; by moves that are legal one by one. */
export async function endJournaled(db: Tx, all: readonly JournaledEnd[]): Promise<void> {
  if (all.length === 0) return;
  const given: Ends = {
    ids: all.map(({ deliveryId }) => String(deliveryId)),
    attempts: all.map(({ attempt }) => attempt),
    sent: all.map(({ outcome }) => outcome === 'sent'),
    at: all.map(({ at }) => at),
  };
  for (const step of [waitAgain, takeUp, end, note]) await step(db, given);
}
