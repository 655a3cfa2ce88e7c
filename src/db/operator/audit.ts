import type { Prisma } from '../generated/client.ts';
import type { ActName } from '../../model/act-names.ts';
import type { ActChange } from '../../model/act.ts';
import type { Actor } from '../../model/actor.ts';
import type { Tx } from '../client.ts';
import { command, sql } from '../statement.ts';
import { standingNow } from './origin.ts';

/** One act: who did what to whom. Subjects are public ids, never addresses, since the log outlives the people in it. */
export interface AuditRecord extends Partial<ActChange> {
  at: Date;
  /** `admin:ada@example.org`, `reader`, `cli`, `job:plan`. */
  actor: Actor;
  action: ActName;
  subject?: string | null;
  detail?: Prisma.InputJsonValue;
  /** The network it was done from; that of the request under way where it is not said. */
  origin?: string | null;
  /** The act that it takes back. */
  undoes?: bigint | null;
  /** The act on many that it is part of. */
  partOf?: bigint | null;
}

/**
 * Writes down an act, in the transaction that does it; nothing changes an entry later. `before` and `after` hold what
 * it changed, where there is a way back (operate/ways-back.ts). Returns its number.
 */
export async function recordAct(db: Tx, record: AuditRecord): Promise<bigint> {
  const standing = standingNow();
  const { before, after, subject = null, origin = standing.network, partOf = standing.partOf, ...rest } = record;
  const change =
    before && after ? { before: before as Prisma.InputJsonObject, after: after as Prisma.InputJsonObject } : {};
  const { id } = await db.auditEntry.create({
    data: { ...rest, ...change, subject, origin, partOf },
    select: { id: true },
  });
  return id;
}

const count = command(
  'count for an act',
  (given: { actId: bigint; names: string[]; counts: number[] }) => sql`
    INSERT INTO act_counts (act_id, name, count)
    SELECT ${given.actId}, name, count FROM unnest(${given.names}::text[], ${given.counts}::bigint[]) AS v (name, count)
    ON CONFLICT (act_id, name) DO UPDATE SET count = act_counts.count + excluded.count`,
);

/** Adds to the counts of an act that takes several transactions. They stand beside its entry, which never changes. */
export async function countForAct(db: Tx, actId: bigint, counts: Readonly<Record<string, number>>): Promise<void> {
  await count(db, { actId, names: Object.keys(counts), counts: Object.values(counts) });
}

/**
 * Writes down an act that takes several transactions, in one entry: each transaction adds its counts. What is rolled
 * back is not in it, and where nothing was committed there is no entry.
 */
export function recordGrowingAct<Key extends string>(
  record: AuditRecord,
  keys: readonly Key[],
): (tx: Tx, counts: Partial<Record<Key, number>>) => Promise<void> {
  let id = -1n;
  return async (tx, counts) => {
    // The entry of a transaction that failed is not there.
    const isThere = await tx.auditEntry.findUnique({ where: { id }, select: { id: true } });
    if (!isThere) id = await recordAct(tx, record);
    const all = keys.map((key): [string, number] => [key, counts[key] ?? 0]);
    await countForAct(tx, id, Object.fromEntries(all));
  };
}

const dropOrigins = command(
  'forget where old acts were done from',
  (given: { before: Date }) => sql`
    UPDATE audit_log SET origin = NULL WHERE origin IS NOT NULL AND at < ${given.before}`,
);

/** Forgets where acts before an instant were done from. Returns how many. */
export async function forgetOrigins(db: Tx, before: Date): Promise<number> {
  return dropOrigins(db, { before });
}

const dropSnapshots = command(
  'forget what acts changed of a person',
  (given: { publicId: string }) => sql`
    UPDATE audit_log SET before = NULL, after = NULL WHERE subject = ${given.publicId} AND before IS NOT NULL`,
);

/** Forgets what acts changed of a person who is gone: it names what they asked for. */
export async function forgetChangesOf(db: Tx, publicId: string): Promise<void> {
  await dropSnapshots(db, { publicId });
}
