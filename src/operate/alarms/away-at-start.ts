import { randomUUID } from 'node:crypto';
import type { Config } from '../../config.ts';
import type { SourceFetch } from '../../context.ts';
import { claimAway, claimBack, unclaimAway } from './away-mark.ts';
import { pageOf } from './codes.ts';
import { sendAlarm, type AlarmMessage } from './send-alarm.ts';

/** What telling stands on where there is no database, and so no context. */
export interface Bare {
  config: Pick<Config, 'ALARM_URLS' | 'DATA_DIR' | 'PUBLIC_URL'>;
  fetchSource: SourceFetch;
  now: () => Date;
  /** Hears what no target took. */
  warn: (target: string, problem: string) => void;
}

const CODE = 'database-away';

/**
 * Tells over ALARM_URLS that a process ends, or cannot start, for want of its database: once for all that share
 * DATA_DIR, and again after six hours.
 */
export async function tellAwayAtStart(bare: Bare, happened: string): Promise<void> {
  const memory = { toldAt: null };
  const news = await claimAway(bare, memory);
  if (news === null) return;
  const taken = await sendToAll(bare, news, happened, [
    'Nothing is lost: mails wait in the ledger. The process ends, and whoever keeps it starts it again.',
    'To type: offprint doctor',
  ]);
  if (!taken) await unclaimAway(bare, memory);
}

/** Tells that it is over, where this was told; called once a process has its database. */
export async function tellBackAtStart(bare: Bare): Promise<void> {
  const told = await claimBack(bare, { toldAt: null });
  if (told === null) return;
  const since = `The database answers again; it was away since ${told.toISOString()} or before`;
  await sendToAll(bare, 'over', since, ['Everything goes on where it was.', 'To type: offprint status']);
}

/** Tells whether one place took it. */
async function sendToAll(bare: Bare, news: AlarmMessage['news'], subject: string, lines: string[]): Promise<boolean> {
  const { config, fetchSource, now, warn } = bare;
  const message: AlarmMessage = {
    ...{ id: randomUUID(), code: CODE, news, subject, at: now() },
    lines: [...lines, `More: ${pageOf(CODE)}`],
  };
  const sender = { fetchSource, service: config.PUBLIC_URL };
  const taken = await Promise.all(
    config.ALARM_URLS.map(async (target) => {
      const problem = await sendAlarm(sender, target, message);
      if (problem !== null) warn(target.name, problem);
      return problem === null;
    }),
  );
  return taken.some(Boolean);
}
