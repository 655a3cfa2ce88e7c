import type { Tx } from '../client.ts';
import { failingJobs, type FailingJob } from './runs.ts';
import { listSetAside } from '../subscribers/set-aside.ts';

/** Something an operator must hear of once. */
export interface Trouble {
  /** Names it for ever: the alarm's key in the ledger. */
  key: string;
  subject: string;
  lines: string[];
}

/** As the index of alarms has them: else the whole ledger is read. */
export const ALARM = { kind: 'alarm', subscriberId: null } as const;
/** While readers go on being set aside the operator is told of more of them this often at most. */
const AGAIN_MS = 3_600_000;
/** Most lines of problems and readers in one alarm: a mail shows 50, and what to do comes behind them. */
const MOST_LINES = 40;

/** For an operator who follows a link to the admin pages at night. */
export const SIGN_IN = 'To sign in there: npx offprint admin create YOUR@ADDRESS prints a link.';

/** The report of an edition that is over is a mail of the same kind, and tells that nothing is wrong. */
const REPORT = { startsWith: 'edition:', endsWith: ':report' } as const;

/** Returns when the operator was last sent an alarm; null where that never was. */
export async function lastAlarm(db: Tx): Promise<Date | null> {
  const found = await db.delivery.findFirst({
    where: { ...ALARM, NOT: { key: REPORT } },
    orderBy: { createdAt: 'desc' },
    select: { createdAt: true },
  });
  return found?.createdAt ?? null;
}

/** Lists jobs that fail and readers who cannot be planned that nobody at this address was told of. */
export async function untoldFailures(
  db: Tx,
  email: string,
  want: { now: Date; publicUrl: string },
): Promise<Trouble[]> {
  const [failing, troubles] = [await failingJobs(db, want.now), [] as Trouble[]];
  for (const job of failing) if (!(await toldOfJob(db, email, job))) troubles.push(jobTrouble(job));
  return [...troubles, ...(await untoldReaders(db, email, want))];
}

/** Its alarm bears the first run of the streak as it was then; older runs may be forgotten since. */
async function toldOfJob(db: Tx, email: string, { job, lastDoneId }: FailingJob): Promise<boolean> {
  const where = { ...ALARM, email, key: { startsWith: `job:${job}:` } };
  const told = await db.delivery.findFirst({ where, orderBy: { id: 'desc' }, select: { key: true } });
  return told !== null && Number(told.key.split(':').at(-1)) > lastDoneId;
}

function jobTrouble({ job, failures, since, error, firstId }: FailingJob): Trouble {
  return {
    key: `job:${job}:${firstId}`,
    subject: `The job ${job} fails`,
    lines: [
      `It has failed ${failures} times in a row since ${since.toISOString()}; the last time: ${error}`,
      `It is tried again at each tick. To try it now and see all it says: npx offprint run ${job}`,
      'You hear of it again only if it recovers and then fails anew; `/readyz?verbose` says how it stands.',
    ],
  };
}

async function untoldReaders(
  db: Tx,
  email: string,
  { now, publicUrl }: { now: Date; publicUrl: string },
): Promise<Trouble[]> {
  const groups = await listSetAside(db);
  if (groups.length === 0) return [];
  const where = { ...ALARM, email, key: { startsWith: 'readers:' } };
  const told = await db.delivery.findFirst({ where, orderBy: { id: 'desc' }, select: { createdAt: true } });
  const isNew = groups.some(({ newestAt }) => !told || newestAt > told.createdAt);
  if (!isNew || (told && now.getTime() - told.createdAt.getTime() < AGAIN_MS)) return [];
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const lines = groups.flatMap((group) => [
    `${group.count}: ${group.problem}`,
    ...group.examples.map((publicId) => `${publicUrl}/admin/subscribers/${publicId}`),
  ]);
  return [
    {
      key: `readers:${now.toISOString()}`,
      subject: `${count} ${count === 1 ? 'reader' : 'readers'} cannot be planned`,
      lines: [
        ...lines.slice(0, MOST_LINES),
        ...(lines.length > MOST_LINES ? [`… and others: ${publicUrl}/readyz?verbose counts them all.`] : []),
        'They get no newsletter until this is mended, and are planned again by themselves then. Everybody else is served.',
        'Each page above links to that reader’s settings: choose there what this system knows, such as another time zone.',
        SIGN_IN,
      ],
    },
  ];
}
