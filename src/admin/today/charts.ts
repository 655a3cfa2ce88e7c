import { scaleLinear } from 'd3-scale';
import { area, curveStepAfter, line } from 'd3-shape';
import { dateInWords } from '../../compose/text/dates.ts';
import type { ReaderDay } from '../../db/subscribers/reader-sums.ts';
import { addDays } from '../../lib/time.ts';
import type { Saying } from '../saying.ts';

const [WIDTH, HEIGHT, TOP] = [640, 160, 8];

/** A chart as the page draws it: lines and bars in a box of WIDTH × HEIGHT, its ends in words, and its numbers. */
export interface Chart {
  title: string;
  /** What it shows, in a sentence, for those who do not see it. */
  says: string;
  width: number;
  height: number;
  line: string;
  area: string;
  bars: { x: number; y: number; width: number; height: number; kind: string }[];
  from: string;
  to: string;
  top: string;
  columns: { name: string; number: boolean }[];
  rows: { text: string; number: boolean }[][];
}

/** A day with its numbers, whether anything happened on it or not. */
interface Day extends ReaderDay {
  reading: number;
}

/** Draws how many people read on each of the last days, and week by week how many asked and confirmed. */
export function chartsOf(
  days: readonly ReaderDay[],
  reading: number,
  today: string,
  many: number,
  say: Saying,
): Chart[] {
  const all = everyDay(days, reading, today, many);
  return [readersChart(all, say), askedChart(all, say)];
}

/** Reckons backwards from how many read now. */
function everyDay(days: readonly ReaderDay[], reading: number, today: string, many: number): Day[] {
  const known = new Map(days.map((day) => [day.day, day]));
  const all: Day[] = [];
  let left = reading;
  for (let back = 0; back < many; back++) {
    const day = addDays(today, -back);
    const happened = known.get(day) ?? { day, asked: 0, confirmed: 0, left: 0 };
    all.unshift({ ...happened, reading: Math.max(0, left) });
    left += happened.left - happened.confirmed;
  }
  return all;
}

function readersChart(days: readonly Day[], say: Saying): Chart {
  const { words, count } = say;
  const most = Math.max(1, ...days.map(({ reading }) => reading));
  const x = scaleLinear([0, days.length - 1], [0, WIDTH]);
  const y = scaleLinear([0, most], [HEIGHT, TOP]);
  const at = (_: Day, index: number) => x(index);
  const [first, last] = [days[0], days.at(-1)];
  return {
    ...frameOf(days, say),
    title: words('admin.chart.readers'),
    says: words('admin.chart.readers.says', {
      from: first?.reading ?? 0,
      to: last?.reading ?? 0,
      days: days.length - 1,
    }),
    line: line<Day>(at, ({ reading }) => y(reading)).curve(curveStepAfter)(days) ?? '',
    area: area<Day>(at, HEIGHT, ({ reading }) => y(reading)).curve(curveStepAfter)(days) ?? '',
    bars: [],
    top: count(most),
    columns: columnsOf(words, 'day', 'reading', 'left'),
    rows: days
      .filter((day, index) => index === 0 || index === days.length - 1 || day.confirmed + day.left > 0)
      .map(({ day, reading, left }) => [cell(dayText(day, say)), cell(reading, count), cell(left, count)])
      .reverse(),
  };
}

function askedChart(days: readonly Day[], say: Saying): Chart {
  const { words, count } = say;
  const weeks = Array.from({ length: Math.ceil(days.length / 7) }, (_, at) => {
    const end = days.length - 7 * at;
    const some = days.slice(Math.max(0, end - 7), end);
    const sum = (of: 'asked' | 'confirmed') => some.reduce((all, day) => all + day[of], 0);
    return { day: some[0]?.day ?? '', asked: sum('asked'), confirmed: sum('confirmed') };
  }).reverse();
  const most = Math.max(1, ...weeks.flatMap(({ asked, confirmed }) => [asked, confirmed]));
  const y = scaleLinear([0, most], [0, HEIGHT - TOP]);
  const room = WIDTH / weeks.length;
  const bar = (at: number, n: number, kind: string, from: number, share: number) => ({
    ...{ x: Math.round((at + from) * room), width: Math.round(share * room), kind },
    ...{ y: Math.round(HEIGHT - y(n)), height: Math.round(y(n)) },
  });
  const sum = (of: 'asked' | 'confirmed') => weeks.reduce((all, week) => all + week[of], 0);
  return {
    ...frameOf(days, say),
    title: words('admin.chart.signups'),
    says: words('admin.chart.signups.says', { asked: sum('asked'), confirmed: sum('confirmed') }),
    ...{ line: '', area: '', top: count(most) },
    bars: weeks.flatMap(({ asked, confirmed }, at) => [
      bar(at, asked, 'asked', 0.1, 0.8),
      bar(at, confirmed, 'confirmed', 0.25, 0.5),
    ]),
    columns: columnsOf(words, 'week', 'asked', 'confirmed'),
    rows: weeks
      .map(({ day, asked, confirmed }) => [cell(dayText(day, say)), cell(asked, count), cell(confirmed, count)])
      .reverse(),
  };
}

function frameOf(days: readonly Day[], say: Saying) {
  const [first, last] = [days[0], days.at(-1)];
  return { width: WIDTH, height: HEIGHT, from: dayText(first?.day ?? '', say), to: dayText(last?.day ?? '', say) };
}

function dayText(day: string, { language }: Saying): string {
  return day === '' ? '' : dateInWords(day, language, 'medium');
}

function cell(value: string | number, count: (n: number) => string = String) {
  return typeof value === 'number' ? { text: count(value), number: true } : { text: value, number: false };
}

function columnsOf(words: Saying['words'], ...names: string[]) {
  return names.map((name, at) => ({ name: words(`admin.chart.${name}`), number: at > 0 }));
}
