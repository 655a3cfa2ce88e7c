import type { Context } from '../context.ts';
import { newestEditions, type EditionProgress } from '../db/newsletters/running.ts';
import { listDigests, type DigestSummary } from '../db/digests/digests.ts';
import { listOpenAlarms, type OpenAlarm } from '../db/operator/open-alarms.ts';
import { listProcesses, presentSpeed } from '../db/operator/processes.ts';
import { newestBackup } from '../db/operator/backups.ts';
import { ALL_MAIL, circuitOf, lookAtCircuits } from '../db/sending/circuit.ts';
import { findRelayPace } from '../db/sending/relays.ts';
import { nextSlotOf, type NextSlot } from '../db/subscribers/next-slot.ts';
import { sumReaders } from '../db/subscribers/reader-sums.ts';
import { reportSources } from './report-sources.ts';
import { troubleOf, type Trouble } from './alarms/trouble.ts';
import { lookForTrouble, type Looking } from './alarms/look-for-trouble.ts';
import { listNeeds } from './today/needs.ts';

/** A mail server and how it fares. */
export interface RelayStatus {
  name: string;
  /** Why nothing goes through it; null where mail goes. */
  problem: string | null;
  /** Mails a minute that it lets through, as it made us learn; null: no limit is known. */
  perMinute: number | null;
}

/** An edition that goes out, and how long it may still take at the speed of the last minutes. */
export type RunningEdition = EditionProgress & { minutesLeft: number | null };

/** All that one screen tells. */
export interface Status {
  at: Date;
  processes: Awaited<ReturnType<typeof listProcesses>>;
  relays: RelayStatus[];
  /** Mails a minute that left within the last five. */
  perMinute: number;
  running: RunningEdition[];
  next: NextSlot | null;
  readers: { pending: number; confirmed: number; unsubscribed: number };
  digest: DigestSummary | null;
  /** Of which moment the last backup is; null: none is known. */
  backupAt: Date | null;
  alarms: OpenAlarm[];
  needs: Trouble[];
}

/** Looks at everything that `status` tells; every read is bounded or of a counter. */
export async function lookAtStatus(ctx: Looking): Promise<Status> {
  const { db } = ctx;
  const [processes, relays, editions, next, readers, digests, backup, alarms, perMinute, needs] = await Promise.all([
    listProcesses(db),
    lookAtRelays(ctx),
    newestEditions(db),
    nextSlotOf(db, ctx.now()),
    sumReaders(db),
    listDigests(db, { limit: 1, states: ['accepted', 'released'] }),
    newestBackup(db, ctx.now()),
    listOpenAlarms(db),
    presentSpeed(db, ctx.now()),
    whatNeedsSomebody(ctx),
  ]);
  const running = editions.filter(({ waiting, state }) => waiting > 0 && state === 'open');
  return {
    ...{ at: ctx.now(), processes, relays, perMinute, next, readers, alarms, needs, backupAt: backup?.takenAt ?? null },
    running: timeLeft(running, perMinute),
    digest: digests.rows[0] ?? null,
  };
}

async function whatNeedsSomebody(ctx: Looking): Promise<Trouble[]> {
  const paused = (await listNeeds(ctx, await reportSources(ctx))).filter(({ kind }) => kind === 'paused');
  return [...(await lookForTrouble(ctx)), ...paused.map((need) => troubleOf(need))];
}

async function lookAtRelays({ db, config }: Pick<Context, 'db' | 'config'>): Promise<RelayStatus[]> {
  const open = await lookAtCircuits(db, config.SMTP_URL);
  const circuits = new Map(open.map(({ name, problem }) => [name, problem]));
  const names = config.SMTP_URL?.map(({ name }) => name) ?? ['outbox'];
  return Promise.all(
    names.map(async (name) => {
      const gapMs = await findRelayPace(db, name);
      const problem = circuits.get(ALL_MAIL) ?? circuits.get(circuitOf({ name })) ?? null;
      return { name, problem, perMinute: gapMs === null ? null : Math.round(60_000 / gapMs) };
    }),
  );
}

/** The newest goes last: what is there longer goes first, each at the speed of all. */
function timeLeft(running: readonly EditionProgress[], perMinute: number): RunningEdition[] {
  let before = 0;
  const oldestFirst = [...running].sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime());
  return oldestFirst.map((edition) => {
    before += edition.waiting;
    return { ...edition, minutesLeft: perMinute > 0 ? Math.ceil(before / perMinute) : null };
  });
}
