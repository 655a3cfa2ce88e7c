import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';
import type { SourceFetch } from '../../context.ts';
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
/** A file of DATA_DIR that says when it was told: a process that cannot start is started again each few seconds. */
const MARK = 'database-away';
/** What lasts is told again after this. */
const AGAIN_MS = 6 * 3_600_000;

/**
 * Tells over ALARM_URLS that a process ends, or cannot start, for want of its database: once, and again after six
 * hours.
 */
export async function tellAwayAtStart(bare: Bare, happened: string): Promise<void> {
  const told = await toldAt(bare);
  const now = bare.now();
  if (told !== null && now.getTime() - told.getTime() < AGAIN_MS) return;
  await mark(bare, now);
  await sendToAll(bare, told === null ? 'opened' : 'again', happened, [
    'Nothing is lost: mails wait in the ledger. The process ends, and whoever keeps it starts it again.',
    'To type: offprint doctor',
  ]);
}

/** Tells that it is over, where this was told; called once a process has its database. */
export async function tellBackAtStart(bare: Bare): Promise<void> {
  const told = await toldAt(bare);
  if (told === null) return;
  await rm(join(bare.config.DATA_DIR, MARK), { force: true });
  const since = `The database answers again; it was away since ${told.toISOString()} or before`;
  await sendToAll(bare, 'over', since, ['Everything goes on where it was.', 'To type: offprint status']);
}

async function toldAt({ config }: Bare): Promise<Date | null> {
  const text = await readFile(join(config.DATA_DIR, MARK), 'utf8').catch(() => null);
  if (text === null) return null;
  const at = new Date(text.trim());
  return Number.isNaN(at.getTime()) ? new Date(0) : at;
}

/** Where nothing can be written either, it is told at each start: too often is better than never. */
async function mark({ config, warn }: Bare, at: Date): Promise<void> {
  try {
    await mkdir(config.DATA_DIR, { recursive: true });
    await writeFile(join(config.DATA_DIR, MARK), `${at.toISOString()}\n`);
  } catch (error) {
    warn(config.DATA_DIR, String(error));
  }
}

async function sendToAll(bare: Bare, news: AlarmMessage['news'], subject: string, lines: string[]): Promise<void> {
  const { config, fetchSource, now, warn } = bare;
  const message: AlarmMessage = {
    ...{ id: randomUUID(), code: CODE, news, subject, at: now() },
    lines: [...lines, `More: ${pageOf(CODE)}`],
  };
  const sender = { fetchSource, service: config.PUBLIC_URL };
  await Promise.all(
    config.ALARM_URLS.map(async (target) => {
      const problem = await sendAlarm(sender, target, message);
      if (problem !== null) warn(target.name, problem);
    }),
  );
}
