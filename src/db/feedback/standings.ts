import type { Standing } from '../../model/feedback.ts';
import type { SuppressionReason } from '../../model/suppression.ts';
import type { Tx } from '../client.ts';
import { tellFacts } from '../facts.ts';
import { enumOf, instant, int2, orNull, text } from '../columns.ts';
import { isNewsletter } from '../ledger/kinds.ts';
import { isClaimable } from '../ledger/moves.ts';
import { WAITS } from '../ledger/waiting.ts';
import { lockWithin } from '../locks.ts';
import { command, query, raw, sql } from '../statement.ts';

/** What suppresses an address. */
export interface KeptSuppression {
  reason: SuppressionReason;
  note: string | null;
  at: Date;
}

/** How an address stands, and what suppresses it. */
export interface AddressState {
  standing: Standing | null;
  suppression: KeptSuppression | null;
}

/** Waits until nobody else changes how addresses stand, to the end of the transaction; `mostMs` bounds the wait. */
export async function lockStandings(tx: Tx, wait: { mostMs?: number } = {}): Promise<void> {
  await lockWithin(tx, 'standings', wait);
}

const statesOf = query(
  'states of addresses',
  {
    hash: text,
    doubtedAt: orNull(instant),
    restUntil: orNull(instant),
    halfPoints: orNull(int2),
    refusedAt: orNull(instant),
    reason: orNull(enumOf<SuppressionReason>('suppression_reason')),
    note: orNull(text),
    suppressedAt: orNull(instant),
  },
  (given: { hashes: string[] }) => sql`
    SELECT h.hash, a.doubted_at AS "doubtedAt", a.rest_until AS "restUntil", a.half_points AS "halfPoints", a.refused_at AS "refusedAt",
      x.reason, x.note, x.at AS "suppressedAt"
    FROM unnest(${given.hashes}::text[]) AS h(hash)
    LEFT JOIN address_standings a ON a.address_hash = decode(h.hash, 'hex') LEFT JOIN suppressions x ON x.address_hash = decode(h.hash, 'hex')`,
);

/** Reads how addresses stand, by their hashes (hexadecimal). */
export async function readStates(db: Tx, hashes: readonly string[]): Promise<Map<string, AddressState>> {
  const rows = await statesOf(db, { hashes: [...new Set(hashes)] });
  return new Map(
    rows.map(({ hash, doubtedAt, restUntil, halfPoints, refusedAt, reason, note, suppressedAt }) => [
      hash,
      {
        standing: halfPoints === null ? null : { doubtedAt, restUntil, halfPoints, refusedAt },
        suppression: reason && suppressedAt ? { reason, note, at: suppressedAt } : null,
      },
    ]),
  );
}

const keep = command(
  'keep standings',
  (given: {
    hashes: string[];
    doubted: (string | null)[];
    rest: (string | null)[];
    points: number[];
    refused: (string | null)[];
  }) => sql`
    INSERT INTO address_standings (address_hash, doubted_at, rest_until, half_points, refused_at)
    SELECT decode(v.hash, 'hex'), v.doubted, v.rest, v.points, v.refused
    FROM unnest(${given.hashes}::text[], ${given.doubted}::timestamptz[], ${given.rest}::timestamptz[], ${given.points}::smallint[], ${given.refused}::timestamptz[])
      AS v(hash, doubted, rest, points, refused)
    ON CONFLICT (address_hash) DO UPDATE SET doubted_at = excluded.doubted_at, rest_until = excluded.rest_until,
      half_points = excluded.half_points, refused_at = excluded.refused_at`,
);

const drop = command(
  'drop standings',
  (given: { hashes: string[] }) => sql`
    DELETE FROM address_standings a USING unnest(${given.hashes}::text[]) AS v(hash) WHERE a.address_hash = decode(v.hash, 'hex')`,
);

/** Writes how addresses stand; null for those against which nothing is held. */
export async function writeStandings(tx: Tx, standings: ReadonlyMap<string, Standing | null>): Promise<void> {
  const held = [...standings].flatMap(([hash, standing]) => (standing ? [{ hash, ...standing }] : []));
  const free = [...standings].flatMap(([hash, standing]) => (standing ? [] : [hash]));
  if (free.length > 0) await drop(tx, { hashes: free });
  if (held.length === 0) return;
  await keep(tx, {
    hashes: held.map(({ hash }) => hash),
    doubted: held.map(({ doubtedAt }) => text8601(doubtedAt)),
    rest: held.map(({ restUntil }) => text8601(restUntil)),
    points: held.map(({ halfPoints }) => halfPoints),
    refused: held.map(({ refusedAt }) => text8601(refusedAt)),
  });
}

const lift = command(
  'lift suppressions',
  (given: { hashes: string[] }) => sql`
    DELETE FROM suppressions x USING unnest(${given.hashes}::text[]) AS v(hash) WHERE x.address_hash = decode(v.hash, 'hex')`,
);

const set = command(
  'set suppressions',
  (given: { hashes: string[]; reasons: string[]; notes: (string | null)[]; ats: string[] }) => sql`
    INSERT INTO suppressions (address_hash, reason, note, at)
    SELECT decode(v.hash, 'hex'), v.reason, v.note, v.at
    FROM unnest(${given.hashes}::text[], ${given.reasons}::suppression_reason[], ${given.notes}::text[], ${given.ats}::timestamptz[]) AS v(hash, reason, note, at)
    ON CONFLICT (address_hash) DO UPDATE SET reason = excluded.reason, note = excluded.note, at = excluded.at`,
  'once a session',
);

/** Writes what suppresses addresses; null for those that nothing does. */
export async function writeKeptSuppressions(tx: Tx, kept: ReadonlyMap<string, KeptSuppression | null>): Promise<void> {
  const held = [...kept].flatMap(([hash, suppression]) => (suppression ? [{ hash, ...suppression }] : []));
  const free = [...kept].flatMap(([hash, suppression]) => (suppression ? [] : [hash]));
  if (free.length > 0) await lift(tx, { hashes: free });
  tellFacts(tx, ...free.map((hash) => ({ what: 'lifted', hash }) as const));
  tellFacts(tx, ...held.map(({ hash, reason }) => ({ what: 'suppressed', hash, reason }) as const));
  if (held.length === 0) return;
  await set(tx, {
    hashes: held.map(({ hash }) => hash),
    reasons: held.map(({ reason }) => reason),
    notes: held.map(({ note }) => note),
    ats: held.map(({ at }) => at.toISOString()),
  });
}

function text8601(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}

const rest = command(
  'let newsletters rest',
  (given: { hashes: string[]; until: Date }) => sql`
    UPDATE deliveries d SET next_attempt_at = least(${given.until}::timestamptz, d.late_at + interval '1 second'),
      last_reply = ${`${WAITS}its address was refused as unknown, and is tried again after three days`}
    FROM unnest(${given.hashes}::text[]) AS v(hash)
    WHERE d.address_hash = decode(v.hash, 'hex') AND ${raw(isNewsletter('d'))} AND ${raw(isClaimable('d'))}`,
);

/** Holds back the newsletters that wait for addresses in doubt: until then, or until they are late. */
export async function letRest(tx: Tx, hashes: readonly string[], until: Date): Promise<void> {
  if (hashes.length > 0) await rest(tx, { hashes: [...hashes], until });
}

/** Forgets what was held against an address: its reader was heard of. */
export async function forgetStanding(tx: Tx, addressHash: Uint8Array): Promise<void> {
  await tx.addressStanding.deleteMany({ where: { addressHash: Uint8Array.from(addressHash) } });
}
