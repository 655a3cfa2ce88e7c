import type { Context } from '../context.ts';
import { countSaidOfMailed, type SaidOfMailed } from '../db/interests/precision.ts';
import { wilsonInterval } from '../lib/wilson.ts';
import type { InterestKind } from '../model/interest.ts';
import { LINES, SELECTIVITIES, type Selectivity } from '../model/match.ts';
import { tableOfCells } from '../http/table.ts';

/** Days of mails that count. */
const DAYS = 30;
/** Reactions looked at, the newest: the interval is two hundredths wide then, and the page waits 0.4 s for them. */
const MOST = 10_000;
/** With fewer reactions the interval is wider than two fifths, and says nothing. */
const ENOUGH = 20;

const WORDS = {
  label: 'What readers said',
  columns: ['Papers', 'Right', { number: 'More of it' }, { number: 'Reactions' }],
  empty: 'Nobody has said anything yet.',
};

const KINDS: Record<InterestKind, string> = {
  topic: 'topics',
  words: 'words',
  author: 'authors',
  organization: 'organisations',
  like: 'papers like examples',
};

const LINE_NAMES: Record<Selectivity, string> = { sure: 'only sure ones', normal: 'normal', more: 'a few more' };

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
export async function precisionView(ctx: Context): Promise<PrecisionView> {
  const since = new Date(ctx.now().getTime() - DAYS * 86_400_000);
  const rows = await countSaidOfMailed(ctx.db, since, MOST);
  const sum = (fits: (row: SaidOfMailed) => boolean) => sumOf(rows.filter(fits));
  const groups: [name: string, said: Said][] = [
    ['All with an interest', sum(({ interestKind }) => interestKind !== null)],
    ...Object.entries(KINDS).map(([kind, name]): [string, Said] => [
      `… ${name}`,
      sum(({ interestKind }) => interestKind === kind),
    ]),
    ...SELECTIVITIES.map((line): [string, Said] => [
      `Line ${LINES[line]}, ${LINE_NAMES[line]}`,
      sum(({ interestKind, selectivity }) => interestKind !== null && selectivity === line),
    ]),
    ['Without interests', sum(({ interestKind }) => interestKind === null)],
  ];
  const cells = groups.flatMap(([name, said]) =>
    said.total === 0 ? [] : [[name, shareText(said), said.more, said.total]],
  );
  return {
    table: tableOfCells(WORDS, cells),
    ofTopic: (slug) => {
      const said = sum(({ topic }) => topic === slug);
      return said.total === 0
        ? '–'
        : `${said.more} of ${said.total}${said.total < ENOUGH ? '' : `, ${shareText(said)}`}`;
    },
  };
}

function sumOf(rows: readonly SaidOfMailed[]): Said {
  const count = (some: readonly SaidOfMailed[]) => some.reduce((sum, row) => sum + row.count, 0);
  return { more: count(rows.filter(({ said }) => said === 'more')), total: count(rows) };
}

function shareText({ more, total }: Said): string {
  if (total < ENOUGH) return 'too few yet';
  const percent = (share: number) => Math.round(100 * share);
  const [low, high] = wilsonInterval(more, total);
  return `${percent(more / total)} % (${percent(low)} to ${percent(high)})`;
}
