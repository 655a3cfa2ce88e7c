import { mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Config } from '../../config.ts';

/** Who tells that the database is away, and where processes that share DATA_DIR agree about it. */
export interface Teller {
  config: Pick<Config, 'DATA_DIR'>;
  now: () => Date;
}

/** What one process remembers for itself, where DATA_DIR takes no file. */
export interface AwayMemory {
  toldAt: Date | null;
}

/** A file of DATA_DIR that says when it was told: a process that cannot start is started again each few seconds. */
const MARK = 'database-away';
/** What lasts is told again after this. */
const AGAIN_MS = 6 * 3_600_000;

/**
 * Claims to tell that the database is away, as one of all processes that share DATA_DIR: at first, and again after six
 * hours; null where it was told. Where nothing can be written each tells for itself: too often is better than never.
 */
export async function claimAway({ config, now }: Teller, memory: AwayMemory): Promise<'opened' | 'again' | null> {
  const told = (await toldAt(config)) ?? memory.toldAt;
  const at = now();
  if (told !== null && at.getTime() - told.getTime() < AGAIN_MS) return null;
  const news = told === null ? 'opened' : 'again';
  try {
    await mkdir(config.DATA_DIR, { recursive: true });
    await writeFile(pathOf(config), `${at.toISOString()}\n`, { flag: told === null ? 'wx' : 'w' });
    memory.toldAt = null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST' && (await toldAt(config))) return null; // another was faster
    memory.toldAt = at;
  }
  return news;
}

/** Takes a claim back that came to nothing, since nobody took the alarm: the next look or start tries again. */
export async function unclaimAway({ config }: Teller, memory: AwayMemory): Promise<void> {
  memory.toldAt = null;
  await unlink(pathOf(config)).catch(() => {});
}

/** Claims to tell that it is over, as one of all; returns when it was last told, null where it was not. */
export async function claimBack({ config }: Teller, memory: AwayMemory): Promise<Date | null> {
  const told = (await toldAt(config)) ?? memory.toldAt;
  const own = memory.toldAt !== null;
  memory.toldAt = null;
  const removed = await unlink(pathOf(config)).then(
    () => true,
    () => false,
  );
  return removed || own ? told : null;
}

async function toldAt(config: Teller['config']): Promise<Date | null> {
  const text = await readFile(pathOf(config), 'utf8').catch(() => null);
  if (text === null) return null;
  const at = new Date(text.trim());
  return Number.isNaN(at.getTime()) ? new Date(0) : at;
}

function pathOf({ DATA_DIR }: Teller['config']): string {
  return join(DATA_DIR, MARK);
}
