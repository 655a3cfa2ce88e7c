import { dateInWords } from '../compose/text/dates.ts';
import { neighbouringDays, type DigestSummary } from '../db/digests/digests.ts';
import { loadAskedDays } from '../db/sources/standings.ts';
import type { Translate } from '../lib/strings.ts';
import { addDays, dateOnly } from '../lib/time.ts';
import { missingBetween, whyMissing, type MissingDays } from './missing-days.ts';
import type { Web } from './respond.ts';

/** A row of the archive: a list, or weekdays without one. */
interface DayRow {
  /** '' where there is nothing to open. */
  href: string;
  date: string;
  source: string;
  count: string;
  note: string;
  tone: string;
  headline: string;
}

interface Words {
  t: Translate;
  language: string;
  named: (source: string) => string;
}

/**
 * Puts between the lists of a page, newest first, rows for the weekdays that have none, with the reason: below each
 * list those before it, and on the first page above them those until yesterday.
 */
export async function withGaps(
  { ctx }: Web,
  words: Words,
  digests: readonly DigestSummary[],
  { isFirst, row }: { isFirst: boolean; row: (digest: DigestSummary) => DayRow },
): Promise<DayRow[]> {
  const last = digests.at(-1);
  if (!last) return [];
  const today = dateOnly(ctx.now());
  const { earlier } = await neighbouringDays(ctx.db, last.digestOn);
  const names = ctx.config.SOURCES.map(({ name }) => name);
  const asked = await loadAskedDays(ctx.db, names, earlier ?? last.digestOn);
  const gap = (oldest: string, newest: string) =>
    missingBetween(oldest, newest < today ? newest : today, asked).map((days) => gapRow(words, days));
  const newest = digests[0]?.digestOn ?? today;
  return [
    ...(isFirst ? gap(newest, today) : []),
    ...digests.flatMap((digest, nth) => {
      const before = digests[nth + 1]?.digestOn ?? earlier;
      return [row(digest), ...(before === null || before === digest.digestOn ? [] : gap(before, digest.digestOn))];
    }),
  ];
}

function gapRow({ t, language, named }: Words, days: MissingDays): DayRow {
  const { newest, oldest, weekdays } = days;
  const isOne = weekdays === 1;
  const [from, to] = [dateInWords(oldest, language, 'long'), dateInWords(newest, language, 'long')];
  return {
    ...{ href: '', source: '', note: t('digests.gap.badge'), tone: 'quiet' },
    date: isOne ? dateInWords(newest, language, 'full') : t('digests.gap.days', { from, to }),
    count: isOne ? '' : t('digests.gap.count', { n: weekdays }),
    headline: whyMissing(t, named, days),
  };
}

/** Says why a weekday that is over has no list; null of any other day. */
export async function whyNoList(
  { ctx }: Web,
  { t, named }: Omit<Words, 'language'>,
  day: string,
): Promise<string | null> {
  if (day >= dateOnly(ctx.now())) return null;
  const asked = await loadAskedDays(
    ctx.db,
    ctx.config.SOURCES.map(({ name }) => name),
    day,
  );
  const [days] = missingBetween(addDays(day, -1), addDays(day, 1), asked);
  return days ? whyMissing(t, named, days) : null;
}
