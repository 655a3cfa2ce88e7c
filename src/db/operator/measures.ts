import type { DeliveryState } from '../../model/delivery.ts';
import { isNotice, mailKinds, type MailKind } from '../../model/mail-kind.ts';
import type { Measure } from '../../model/measure.ts';
import type { Tx } from '../client.ts';
import { enumOf, filled, float8, int4, orNull, text } from '../columns.ts';
import { sumEnds } from '../ledger/edition-sums.ts';
import { countUncertain, type InDoubt } from '../ledger/uncertain.ts';
import { lookAtCircuits, type Relays } from '../sending/circuit.ts';
import { query, raw, sql } from '../statement.ts';
import { sumReaders } from '../subscribers/reader-sums.ts';
import { ALARM } from './alarms.ts';
import { newestBackup } from './backups.ts';
import { whatComesBack } from './feedback-measures.ts';
import { lastRuns } from './last-runs.ts';
import { countOpenAlarms } from './open-alarms.ts';
import { listQueueLags } from './queue-lag.ts';
import { failingJobs } from './runs.ts';

/** The one kind that is no notice. */
const [NEWSLETTER = ''] = mailKinds().filter((kind) => !isNotice(kind));
const TO_ADMINS = mailKinds(({ audience }) => audience === 'operator').filter((kind) => kind !== ALARM.kind);

/**
 * What goes to operators has two indexes of its own, whose words these are: to read the ledger for it would take
 * seconds.
 */
const toOperators = query(
  'mails to operators by state',
  { kind: enumOf<MailKind>('delivery_kind'), state: enumOf<DeliveryState>('delivery_state'), count: int4 },
  () => sql`
    SELECT kind, state, count(*)::int AS count FROM deliveries WHERE subscriber_id IS NULL AND kind = ${raw(quoted([ALARM.kind]))} GROUP BY kind, state
    UNION ALL SELECT kind, state, count(*)::int FROM deliveries
    WHERE subscriber_id IS NULL AND kind IN (${raw(quoted(TO_ADMINS))}) GROUP BY kind, state`,
);

function quoted(kinds: readonly MailKind[]): string {
  return kinds.map((kind) => `'${kind}'`).join(', ');
}

/** Sources come and go; more pairs of source and verdict than these are not told. */
const MOST_DIGESTS = 250;

const digestsOf = query(
  'digests by verdict',
  { source: text, verdict: text, count: int4 },
  () => sql`
    SELECT source, verdict::text, count(*)::int AS count FROM digests GROUP BY source, verdict ORDER BY source, verdict LIMIT ${MOST_DIGESTS}`,
);

/** More due readers than this are not counted. */
const COUNTED = 10_000;

const dueNow = query(
  'who is due, in numbers',
  { due: filled(int4), since: orNull(float8), digestAt: orNull(float8) },
  (given: { now: Date }) => sql`
    SELECT greatest(0, (SELECT count(*)::int FROM (SELECT next_due_at FROM subscribers WHERE next_due_at <= ${given.now} LIMIT ${COUNTED}::int) due)
        - (SELECT count(*)::int FROM subscribers WHERE next_due_at <= ${given.now} AND planning_problem IS NOT NULL)) AS due,
      (SELECT extract(epoch FROM ${given.now}::timestamptz - next_due_at)::float8 FROM subscribers
        WHERE next_due_at <= ${given.now} AND planning_problem IS NULL ORDER BY next_due_at, id LIMIT 1) AS since,
      (SELECT extract(epoch FROM max(arrived_at))::float8 FROM digests WHERE state IN ('accepted', 'released')) AS "digestAt"`,
);

/** Jobs run each minute, and once more where a form wakes them: to the second, their end would tell of that. */
const MINUTE_MS = 60_000;

/**
 * Counts what an operator watches. Every read is of a counter, of an index or of a small table, whatever the size of
 * the ledger. Nothing in it moves with a form that names an address: what is done with a form differs with what is
 * known of the address, and whoever counts before and after would learn it.
 */
export async function readMeasures(db: Tx, now: Date, relays?: Relays): Promise<Measure[]> {
  const [ends, goes, back, doubts] = await Promise.all([
    sumEnds(db),
    howItGoes(db, now, relays),
    whatComesBack(db, now),
    countUncertain(db, now),
  ]);
  return [...(await howManyThereAre(db, ends)), ...goes, ...back, doubtIn(doubts)];
}

async function howManyThereAre(db: Tx, ends: Ends): Promise<Measure[]> {
  const [readers, operators, digests] = await Promise.all([sumReaders(db), toOperators(db, {}), digestsOf(db, {})]);
  const states = new Map<string, number>();
  for (const { state, count } of ends) states.set(state, (states.get(state) ?? 0) + count);
  const newsletters = [...states].map(([state, count]) => ({ kind: NEWSLETTER, state, count }));
  return [
    {
      name: 'offprint_subscribers',
      help: 'Subscribers by status, but for those who have not confirmed.',
      values: byLabels((['confirmed', 'unsubscribed'] as const).map((status) => one(readers[status], { status }))),
    },
    {
      name: 'offprint_deliveries',
      help: 'Mails in the ledger by kind and state, but for those that answer a form.',
      values: byLabels([...newsletters, ...operators].map(({ count, kind, state }) => one(count, { kind, state }))),
    },
    {
      name: 'offprint_newsletters_ended',
      help: 'Newsletters that ended other than by being sent, by reason.',
      values: byLabels(ends.flatMap(({ endReason, count }) => (endReason ? [one(count, { reason: endReason })] : []))),
    },
    {
      name: 'offprint_digests',
      help: 'Digests by source and verdict.',
      values: byLabels(digests.map(({ source, verdict, count }) => one(count, { source, verdict }))),
    },
  ];
}

type Ends = Awaited<ReturnType<typeof sumEnds>>;

/** Mails of no edition answer forms. */
function doubtIn(doubts: readonly InDoubt[]): Measure {
  const uncertain = doubts.reduce((sum, { edition, count }) => sum + (edition === null ? 0 : count), 0);
  const help = 'Newsletters of which nobody knows whether they arrived, but for those that were left as they are.';
  return { name: 'offprint_uncertain', help, values: [one(uncertain)] };
}

async function howItGoes(db: Tx, now: Date, relays?: Relays): Promise<Measure[]> {
  const [[due], circuits, alarms, backup] = await Promise.all([
    dueNow(db, { now }),
    lookAtCircuits(db, relays),
    countOpenAlarms(db),
    newestBackup(db, now),
  ]);
  const single = (name: string, help: string, value: number | null) => ({
    ...{ name, help },
    values: value === null ? [] : [one(value)],
  });
  return [
    ...(await howJobsGo(db, now)),
    {
      name: 'offprint_circuit_open',
      help: '1 where sending is stopped: at all (mail), or over one mail server.',
      values: circuits.map(({ name }) => one(1, { circuit: name })),
    },
    {
      name: 'offprint_alarms_open',
      help: 'What is wrong now, by code: docs/operate/alarms.md.',
      values: alarms.map(({ code, count }) => one(count, { code })),
    },
    single('offprint_due_readers', `Readers whose slot has come and is not planned, up to ${COUNTED}.`, due?.due ?? 0),
    single('offprint_due_lag_seconds', 'How long the first of them has waited.', due?.since ?? 0),
    single(
      'offprint_newest_digest_seconds',
      'When the newest usable digest arrived, in seconds since 1970.',
      due?.digestAt ?? null,
    ),
    single(
      'offprint_newest_backup_seconds',
      'Of which moment the newest backup is, in seconds since 1970.',
      backup && backup.takenAt.getTime() / 1_000,
    ),
  ];
}

async function howJobsGo(db: Tx, now: Date): Promise<Measure[]> {
  const [runs, failing, lags] = await Promise.all([lastRuns(db, now), failingJobs(db, now), listQueueLags(db)]);
  // A moment's wait is everybody's, and would tell that a form caused a mail.
  const waits = lags.filter(({ seconds }) => seconds >= 2);
  return [
    {
      name: 'offprint_job_finished_seconds',
      help: 'The minute in which a job last ended, in seconds since 1970.',
      values: runs.map(({ job, outcome, at }) => one(minuteOf(at), { name: job, outcome })),
    },
    {
      name: 'offprint_job_failures',
      help: 'Runs in a row of which each failed, of jobs that fail.',
      values: failing.map(({ job, failures }) => one(failures, { name: job })),
    },
    {
      name: 'offprint_queue_lag_seconds',
      help: 'How long a job that was woken has waited to be taken up.',
      values: waits.map(({ job, seconds }) => one(Math.floor(seconds), { name: job })),
    },
  ];
}

function one(value: number, labels: Record<string, string> = {}): Measure['values'][number] {
  return { labels, value };
}

function minuteOf(at: Date): number {
  return (Math.floor(at.getTime() / MINUTE_MS) * MINUTE_MS) / 1000;
}

/** Sorts by what the labels say: an enum's own order would change with a new value. */
function byLabels(values: Measure['values']): Measure['values'] {
  const words = (value: { labels: Record<string, string> }) => Object.values(value.labels).join(' ');
  return values.sort((a, b) => (words(a) < words(b) ? -1 : 1));
}
