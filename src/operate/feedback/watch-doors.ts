import type { Context } from '../../context.ts';
import type { Silence } from '../../db/feedback/silence.ts';
import { findLastDetail } from '../../db/operator/acts-list.ts';
import { doorsSet, type KnockedDoor } from '../../feedback/doors/knock.ts';
import { testDoors } from './test-doors.ts';

const JOB = 'job:housekeeping';
const DAY_MS = 86_400_000;
/** A door that did not hear its test is tried again after this, so that the alarm ends when it is open again. */
const AGAIN_MS = 600_000;
/** So many reports were to be expected over three editions, and none came. */
const EXPECTED = 5;

/** Tries each door once a day, and each ten minutes while one is silent: what it finds is told by `alarms/watch.ts`. */
export async function watchDoors(ctx: Context): Promise<Record<string, number>> {
  const now = ctx.now();
  const { at, silent } = await lastTest(ctx);
  if (at !== null && now.getTime() - at.getTime() < (silent.length > 0 ? AGAIN_MS : DAY_MS)) return { silentDoors: 0 };
  const tested = await testDoors(ctx, JOB);
  return { silentDoors: tested.filter(({ outcome }) => outcome !== 'heard').length };
}

/** What is known of the doors by their last test, whoever asked for it. */
export interface LastTest {
  /** When it was; null where there was none. */
  at: Date | null;
  /** Doors that are set, and of which its report did not come in. */
  silent: KnockedDoor[];
}

/** Reads how the doors did in their last test. */
export async function lastTest({ db, config }: Pick<Context, 'db' | 'config'>): Promise<LastTest> {
  const last = await findLastDetail(db, 'doors', 'feedback.test');
  if (!last) return { at: null, silent: [] };
  const { at, detail } = last;
  return { at, silent: doorsSet(config).filter((door) => detail[door] !== undefined && detail[door] !== 'heard') };
}

/** Tells whether nothing came back where something was to be expected. */
export function isSilent(silence: Silence): boolean {
  return silence.since !== null && !silence.heard && expectedReports(silence) >= EXPECTED;
}

/** Says how many reports three editions let expect, by the 30 days before. */
export function expectedReports({ before, editions }: Silence): number {
  return editions === 0 ? 0 : (before / editions) * 3;
}
