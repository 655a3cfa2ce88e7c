import type { Context } from '../../context.ts';
import { lookForSilence } from '../../db/feedback/silence.ts';
import { expectedReports, isSilent, lastTest } from '../feedback/watch-doors.ts';
import type { Trouble } from './trouble.ts';

const DAY_MS = 86_400_000;
const TYPE = 'offprint feedback test';

/**
 * Looks whether bounces have stopped coming back: doors that did not hear their last test, and three editions of which
 * nothing came back where the 30 days before let expect five reports. Silence is no good news.
 */
export async function doorTroubles(ctx: Pick<Context, 'db' | 'config' | 'now'>): Promise<Trouble[]> {
  const { silent } = await lastTest(ctx);
  const closed = silent.map((door) => ({
    ...{ code: 'bounces-silent' as const, about: door, type: TYPE },
    happened: `Bounces do not come in by ${door}: a test report was sent there and did not come`,
    does: 'It is tried again each ten minutes. Until it comes in, dead addresses go on getting mail.',
  }));
  return [...closed, ...(await silenceTrouble(ctx))];
}

async function silenceTrouble({ db, now }: Pick<Context, 'db' | 'now'>): Promise<Trouble[]> {
  const silence = await lookForSilence(db, now());
  if (!isSilent(silence)) return [];
  const { lastAt } = silence;
  const days = lastAt ? Math.floor((now().getTime() - lastAt.getTime()) / DAY_MS) : 0;
  const expected = Math.round(expectedReports(silence));
  return [
    {
      ...{ code: 'bounces-silent', about: 'editions' },
      happened: `Bounces have stopped coming back: last one ${days === 1 ? '1 day' : `${days} days`} ago`,
      does: `Of the last three editions nothing came back; the 30 days before let expect ${expected} reports.`,
      type: `${TYPE}; if each door is well, look at the MX of BOUNCE_DOMAIN, and at your mail server`,
    },
  ];
}
