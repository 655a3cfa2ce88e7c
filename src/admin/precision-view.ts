import type { Context } from '../context.ts';
import { countSaidOfMailed, type SaidOfMailed } from '../db/interests/precision.ts';
import { wilsonInterval } from '../lib/wilson.ts';
import type { InterestKind } from '../model/interest.ts';
import type { StringValues, Translate } from '../lib/strings.ts';
import { LINES, SELECTIVITIES } from '../model/match.ts';
import { tableOfCells, type TableWords } from '../http/table.ts';
import type { Saying } from './saying.ts';

/** Days of mails that count. */
const DAYS = 30;
/** Reactions looked at, the newest: the interval is two hundredths wide then, and the page waits 0.4 s for them. */
const MOST = 10_000;
/** With fewer reactions the interval is wider than two fifths, and says nothing. */
const ENOUGH = 20;

/** In the order in which they are told of. */
const KINDS: readonly InterestKind[] = ['topic', 'words', 'author', 'organization', 'like'];

/** Counts of one group. */
interface Said {
  more: number;
  total: number;
}

/** What readers said of the papers mailed lately: as a table, and a few words for each topic. */
export interface PrecisionView {
  table: ReturnType<typeof tableOfCells>;
  ofTopic: (slug: string) => string;
}

/** Measures how right the mailed papers were, over all, by what brought them, and by the reader's line. */
export async function precisionView(ctx: Context, { words }: Saying): Promise<PrecisionView> {
  const word = (key: string, values?: StringValues) => words(`admin.topics.right.${key}`, values);
  const since = new Date(ctx.now().getTime() - DAYS * 86_400_000);
  const rows = await countSaidOfMailed(ctx.db, since, MOST);
  const sum = (fits: (row: SaidOfMailed) => boolean) => sumOf(rows.filter(fits));
  const groups: [name: string, said: Said][] = [
    [word('all'), sum(({ interestKind }) => interestKind !== null)],
    ...KINDS.map((kind): [string, Said] => [word(`kind.${kind}`), sum(({ interestKind }) => interestKind === kind)]),
    ...SELECTIVITIES.map((line): [string, Said] => [
      word('line', { line: String(LINES[line]), name: line }),
      sum(({ interestKind, selectivity }) => interestKind !== null && selectivity === line),
    ]),
    [word('none'), sum(({ interestKind }) => interestKind === null)],
  ];
  const cells = groups.flatMap(([name, said]) =>
    said.total === 0 ? [] : [[name, shareText(word, said), said.more, said.total]],
  );
  return {
    table: tableOfCells(tableWords(word), cells),
    ofTopic: (slug) => {
      const said = sum(({ topic }) => topic === slug);
      return said.total === 0
        ? '–'
        : [word('of', { ...said }), ...(said.total < ENOUGH ? [] : [shareText(word, said)])].join(', ');
    },
  };
}

function sumOf(rows: readonly SaidOfMailed[]): Said {
  const count = (some: readonly SaidOfMailed[]) => some.reduce((sum, row) => sum + row.count, 0);
  return { more: count(rows.filter(({ said }) => said === 'more')), total: count(rows) };
}

function tableWords(word: Translate): TableWords {
  const columns = [word('papers'), word('share'), { number: word('more') }, { number: word('reactions') }];
  return { label: word('label'), columns, empty: word('empty') };
}

function shareText(word: Translate, { more, total }: Said): string {
  if (total < ENOUGH) return word('few');
  const percent = (share: number) => String(Math.round(100 * share));
  const [low, high] = wilsonInterval(more, total);
  return word('interval', { share: percent(more / total), low: percent(low), high: percent(high) });
}
