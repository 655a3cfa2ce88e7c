import { scaleLinear } from 'd3-scale';
import { dateInWords } from '../../compose/text/dates.ts';
import { urlOf } from '../../http/pager.ts';
import { addDays } from '../../lib/time.ts';
import type { DestinationCount } from '../../model/destination-day.ts';
import type { Saying } from '../saying.ts';

const WIDTH = 600;
/** Taken mails stand on this line, what was put off or refused hangs below it, by a scale of its own. */
const [TOP, LINE, BOTTOM] = [4, 84, 130];
/** A bar fills so much of its day. */
const SHARE = 0.8;

/** What is told apart: taken, put off, and refused by what it was about; '' where nobody can tell. */
const BELOW = ['put-off', 'address', 'mailbox', 'us', 'content', 'network', 'policy', 'unknown'] as const;
const PARTS = ['taken', ...BELOW] as const;
type Part = (typeof PARTS)[number];
type Counts = Record<Part, number>;

/** Draws how each destination answered day by day, with the numbers as a table. */
export function weatherCharts(
  rows: readonly DestinationCount[],
  { today, days }: { today: string; days: number },
  say: Saying,
) {
  const destinations = [...new Set(rows.map(({ destination }) => destination))];
  return destinations.map((destination) => {
    const own = rows.filter((row) => row.destination === destination);
    const series = Array.from({ length: days }, (_, at) => {
      const day = addDays(today, at + 1 - days);
      return { day, counts: countsOf(own.filter((row) => row.day === day)) };
    });
    return chartOf(destination, series, say);
  });
}

interface Day {
  day: string;
  counts: Counts;
}

function countsOf(rows: readonly DestinationCount[]): Counts {
  const counts = Object.fromEntries(PARTS.map((part) => [part, 0])) as Counts;
  for (const row of rows) counts[partOf(row)] += row.n;
  return counts;
}

function partOf({ answer, about }: DestinationCount): Part {
  if (answer !== 'refused') return answer;
  return about === '' ? 'unknown' : about;
}

const sumBelow = ({ counts }: Pick<Day, 'counts'>) => BELOW.reduce((sum, part) => sum + counts[part], 0);

function chartOf(destination: string, series: readonly Day[], say: Saying) {
  const { words, count, language } = say;
  const total = countsOf([]);
  for (const { counts } of series) for (const part of PARTS) total[part] += counts[part];
  const refused = sumBelow({ counts: total }) - total['put-off'];
  const all = total.taken + total['put-off'] + refused;
  const present = PARTS.filter((part) => total[part] > 0);
  const dayText = (day: string) => dateInWords(day, language, 'medium');
  const shown = series.filter(({ counts }) => counts.taken + sumBelow({ counts }) > 0);
  const name = (part: Part) => words(`admin.weather.part.${part}`);
  return {
    destination,
    href: urlOf('/admin/feedback', { destination }),
    says: words('admin.weather.says', {
      taken: total.taken,
      putOff: total['put-off'],
      refused,
      share: new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 }).format(
        refused / Math.max(1, all),
      ),
    }),
    ...{ width: WIDTH, height: BOTTOM, line: LINE, bars: barsOf(series) },
    ...{ from: dayText(series[0]?.day ?? ''), to: dayText(series.at(-1)?.day ?? '') },
    legend: present.map((part) => ({ part, name: name(part), count: count(total[part]) })),
    columns: [
      { name: words('admin.chart.day'), number: false },
      ...present.map((part) => ({ name: name(part), number: true })),
    ],
    rows: shown
      .map(({ day, counts }) => [
        { text: dayText(day), number: false },
        ...present.map((part) => ({ text: count(counts[part]), number: true })),
      ])
      .reverse(),
  };
}

function barsOf(series: readonly Day[]) {
  const up = scaleLinear([0, Math.max(1, ...series.map(({ counts }) => counts.taken))], [0, LINE - TOP]);
  const down = scaleLinear([0, Math.max(1, ...series.map(sumBelow))], [0, BOTTOM - LINE - 2]);
  const room = WIDTH / series.length;
  const round = (n: number) => Math.round(10 * n) / 10;
  return series.flatMap(({ counts }, at) => {
    const place = { x: round(at * room), width: round(room * SHARE) };
    const taken = up(counts.taken);
    let from = LINE + 2;
    const below = BELOW.flatMap((part) => {
      const height = down(counts[part]);
      const y = from;
      from += height;
      return height > 0 ? [{ ...place, y: round(y), height: round(height), kind: part }] : [];
    });
    return [
      ...(taken > 0 ? [{ ...place, y: round(LINE - taken), height: round(taken), kind: 'taken' }] : []),
      ...below,
    ];
  });
}
