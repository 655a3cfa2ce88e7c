import type { Context } from '../../context.ts';
import { findLag, newestDigestAt } from '../../db/operator/lag.ts';
import { listProcesses, lookAtClock } from '../../db/operator/processes.ts';
import { reachable } from '../../db/reachable.ts';
import { weekdayMs } from '../../lib/time.ts';
import { isSampleSource } from '../../samples.ts';
import { checkDisk } from '../readiness.ts';
import { reportSources } from '../report-sources.ts';
import { listNeeds, type Need } from '../today/needs.ts';
import { doorTroubles } from './door-troubles.ts';
import { troubleOf, type Trouble } from './trouble.ts';

/** What is asked to look, with the journal of this process where it keeps one. */
export type Looking = Pick<Context, 'db' | 'config' | 'now'> & Partial<Pick<Context, 'journal'>>;

/** Two clocks may differ by so much before slots and leases go wrong. */
export const CLOCK_SECONDS = 60;
/** Lists come each weekday: after so many weekdays none is late, but missing. */
const DIGEST_WEEKDAYS = 2;
const DAY_MS = 86_400_000;
/** Planning runs each minute. */
const LATE_MINUTES = 30;

/**
 * Looks for everything that is wrong now and that somebody should know of. Where the database is away it is all that
 * can be said, with the disk, which may be why.
 */
export async function lookForTrouble(ctx: Looking): Promise<Trouble[]> {
  const disk = [...(await diskTrouble(ctx)), ...journalTrouble(ctx)];
  if (!(await reachable(ctx.db))) return [databaseAway(), ...disk];
  const needs = await listNeeds(ctx, await reportSources(ctx));
  return [
    ...disk,
    ...(await clockTrouble(ctx)),
    ...(await processTrouble(ctx)),
    ...needs
      .filter(({ kind }) => kind !== 'paused' && kind !== 'uncertain' && kind !== 'letters')
      .map((need) => troubleOf(need)),
    ...doubts(needs),
    ...(await lateReaders(ctx)),
    ...(await missingDigest(ctx)),
    ...(await doorTroubles(ctx)),
  ];
}

/** All that is uncertain, as one: whoever decides goes through the list. */
function doubts(needs: readonly Need[]): Trouble[] {
  const uncertain = needs.flatMap((need) => (need.kind === 'uncertain' ? [need] : []));
  const [newest, ...others] = uncertain;
  if (!newest || others.length === 0) return uncertain.map((need) => troubleOf(need));
  const count = uncertain.reduce((sum, need) => sum + need.count, 0);
  return [
    {
      ...troubleOf({ kind: 'uncertain', edition: `${uncertain.length} editions`, count }),
      about: '',
      type: 'offprint deliveries --state uncertain',
    },
  ];
}

function databaseAway(): Trouble {
  return {
    ...{ code: 'database-away', about: '' },
    happened: 'The database does not answer',
    does: 'Nothing is lost: pages answer 503, mails wait in the ledger, and all goes on when it is back.',
    type: 'offprint doctor',
  };
}

async function diskTrouble({ config }: Looking): Promise<Trouble[]> {
  const { ok, says } = await checkDisk(config.DATA_DIR);
  if (ok) return [];
  return [
    {
      ...{ code: 'disk-low', about: '' },
      happened: `The disk is nearly full: ${says}`,
      does: '/readyz answers 503, so that no requests are sent here.',
      type: `df -h ${config.DATA_DIR}`,
    },
  ];
}

function journalTrouble({ journal, config }: Looking): Trouble[] {
  const problem = journal?.problem() ?? null;
  if (problem === null) return [];
  return [
    {
      ...{ code: 'journal-fails', about: '' },
      happened: `The journal cannot be written: ${problem}`,
      does: 'No mail goes until it can; whoever leaves has left, and that waits in memory to be written.',
      type: `df -h ${config.JOURNAL_DIR ?? config.DATA_DIR}`,
    },
  ];
}

async function clockTrouble({ db, now }: Looking): Promise<Trouble[]> {
  const seconds = Math.round((now().getTime() - (await lookAtClock(db)).getTime()) / 1_000);
  if (Math.abs(seconds) <= CLOCK_SECONDS) return [];
  return [
    {
      ...{ code: 'clock-off', about: '' },
      happened: `This machine's clock is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} the database's`,
      does: 'Slots go by this machine’s clock, leases by the database’s: newsletters leave at the wrong time.',
      type: 'timedatectl',
    },
  ];
}

async function processTrouble({ db }: Looking): Promise<Trouble[]> {
  const processes = await listProcesses(db);
  // Whoever keeps processes alive has put another in its place: nothing is amiss any more.
  const isReplaced = (kind: string, seenAt: Date) =>
    processes.some((other) => !other.lost && other.kind === kind && other.startedAt > seenAt);
  return processes
    .filter(({ lost, kind, seenAt }) => lost && !isReplaced(kind, seenAt))
    .map(({ kind, host, pid, seconds }) => ({
      ...{ code: 'process-lost', about: `${host}:${pid}` },
      happened: `The ${kind} ${pid} on ${host} was last seen ${Math.round(seconds)} s ago and did not say that it ends`,
      does: 'What it had in hand is taken back and goes on elsewhere. It is over once another is started, or after a day.',
      type: 'offprint status',
    }));
}

async function lateReaders({ db, now }: Looking): Promise<Trouble[]> {
  const lagMs = await findLag(db, now());
  if (lagMs < LATE_MINUTES * 60_000) return [];
  return [
    {
      ...{ code: 'readers-late', about: '' },
      happened: `Somebody has been due for ${Math.floor(lagMs / 60_000)} minutes and has no newsletter planned`,
      does: 'They stay due, and are planned as soon as planning runs.',
      type: 'offprint run plan',
    },
  ];
}

async function missingDigest({ db, config, now }: Looking): Promise<Trouble[]> {
  if (config.SOURCES.every(({ name }) => isSampleSource(config, name))) return [];
  const at = await newestDigestAt(db);
  if (at === null || weekdayMs(now()) - weekdayMs(at) < DIGEST_WEEKDAYS * DAY_MS) return [];
  return [
    {
      ...{ code: 'no-digest', about: '' },
      happened: `No usable digest has come since ${at.toISOString()}`,
      does: 'The sources are asked as ever; newsletters draw on what is there.',
      type: 'offprint sources',
    },
  ];
}
