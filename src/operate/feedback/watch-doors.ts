import type { Context } from '../../context.ts';
import { lookForSilence, type Silence } from '../../db/feedback/silence.ts';
import { findLastActAt } from '../../db/operator/acts-list.ts';
import { testDoors } from './test-doors.ts';
import { tellOperator } from '../tell-operator.ts';

const JOB = 'job:housekeeping';
const DAY_MS = 86_400_000;
/** So many reports were to be expected over three editions, and none came. */
const EXPECTED = 5;

/**
 * Tells the operator where bounces have stopped coming back: once a day each door is tried, and three editions of which
 * nothing came back where the 30 days before let expect five reports are told of. Silence is no good news.
 */
export async function watchDoors(ctx: Context): Promise<Record<string, number>> {
  const silent = await tellOfSilence(ctx);
  return { silentDoors: await tryDoors(ctx), silent };
}

async function tryDoors(ctx: Context): Promise<number> {
  const now = ctx.now();
  const last = await findLastActAt(ctx.db, 'doors', 'feedback.test');
  if (last !== null && now.getTime() - last.getTime() < DAY_MS) return 0;
  const failed = (await testDoors(ctx, JOB)).filter(({ outcome }) => outcome !== 'heard');
  for (const { door, problem } of failed) {
    const key = `doors:${door}:${now.toISOString().slice(0, 10)}`;
    const lines = [
      `A test report did not come in by the door «${door}»: ${problem}`,
      'Until it does, dead addresses go on getting mail. `offprint feedback test` tries it again.',
    ];
    await tellOperator(ctx, { key, subject: `Bounces do not come in by ${door}`, lines }, JOB);
  }
  return failed.length;
}

async function tellOfSilence(ctx: Context): Promise<number> {
  const now = ctx.now();
  const silence = await lookForSilence(ctx.db, now);
  if (!isSilent(silence)) return 0;
  const { lastAt } = silence;
  const days = lastAt ? Math.floor((now.getTime() - lastAt.getTime()) / DAY_MS) : 0;
  const subject = `Bounces have stopped coming back: last one ${days === 1 ? '1 day' : `${days} days`} ago`;
  const lines = [
    `Of the last three editions nothing came back; the 30 days before let expect ${Math.round(expected(silence))} reports.`,
    '`offprint feedback test` tries each door. If they are all right, look at the MX of BOUNCE_DOMAIN, and at your mail server.',
  ];
  await tellOperator(ctx, { key: `silence:${lastAt?.toISOString() ?? ''}`, subject, lines }, JOB);
  return 1;
}

/** Tells whether nothing came back where something was to be expected. */
export function isSilent(silence: Silence): boolean {
  return silence.since !== null && silence.heard === 0 && expected(silence) >= EXPECTED;
}

function expected({ before, editions }: Silence): number {
  return editions === 0 ? 0 : (before / editions) * 3;
}
