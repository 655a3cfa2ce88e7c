import { addDays, weekdayOf } from '../../src/lib/time.ts';

/** An invented list in the layout of a real source. */
export interface MadeList {
  source: 'hf' | 'arxiv' | 'biorxiv';
  name: string;
  text: string;
  papers: number;
}

/** Papers a day: the Daily Papers and a pair of arXiv's categories on weekdays, all of bioRxiv. */
const HF = 20;
const ARXIV = 150;
const BIORXIV = 100;
/** Some real ones are longer, most are not. */
const WORDS = 180;

/** Makes the lists of a day; every third of the Daily Papers was on arXiv two days before. */
export function listsOf(day: string): MadeList[] {
  const onWeekday = weekdayOf(day) <= 5;
  return [
    ...(onWeekday ? [hf(day), arxiv(day)] : []),
    { source: 'biorxiv', name: `${day}.json`, text: biorxiv(day), papers: BIORXIV },
  ];
}

function hf(day: string): MadeList {
  const papers = Array.from({ length: HF }, (_, at) => {
    const origin = at % 3 === 0 ? addDays(day, -2) : day;
    const number = at % 3 === 0 ? at : 500 + at;
    return {
      paper: {
        ...{ id: arxivId(origin, number), title: titleOf(origin, 'a', number), summary: abstractOf(origin, number) },
        authors: names(number).map((name) => ({ name, hidden: false })),
        ...{ publishedAt: `${origin}T10:00:00.000Z`, submittedOnDailyAt: `${day}T01:00:00.000Z`, upvotes: at * 3 },
        ...{ ai_summary: 'One sentence that a model made.', ai_keywords: ['kelp', 'tides', 'carbon'] },
        ...{ githubRepo: 'https://code.example.org/kelp', githubStars: at, projectPage: 'https://kelp.example.org' },
      },
      ...{ title: titleOf(origin, 'a', number), numComments: 1, thumbnail: 'https://cdn.example.org/kelp.png' },
    };
  });
  return { source: 'hf', name: `${day}.json`, text: JSON.stringify(papers), papers: HF };
}

function arxiv(day: string): MadeList {
  const items = Array.from({ length: ARXIV }, (_, at) => {
    const id = arxivId(day, at);
    return (
      `<item><title>${titleOf(day, 'a', at)}</title><link>https://arxiv.org/abs/${id}</link>` +
      `<description>arXiv:${id}v1 Announce Type: new \nAbstract: ${abstractOf(day, at)}</description>` +
      `<guid isPermaLink="false">oai:arXiv.org:${id}v1</guid><category>cs.CL</category>` +
      `<pubDate>${new Date(day).toUTCString()}</pubDate><arxiv:announce_type>new</arxiv:announce_type>` +
      `<dc:creator>${names(at).join(', ')}</dc:creator></item>`
    );
  });
  const head =
    `<?xml version='1.0' encoding='UTF-8'?>\n<rss xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0">` +
    `<channel><title>cs.CL updates on arXiv.org</title><link>http://rss.arxiv.org/rss/cs.CL</link><pubDate>${new Date(day).toUTCString()}</pubDate>`;
  return { source: 'arxiv', name: `${day}.xml`, text: `${head}${items.join('')}</channel></rss>`, papers: ARXIV };
}

function biorxiv(day: string): string {
  const collection = Array.from({ length: BIORXIV }, (_, at) => ({
    ...{ doi: `10.1101/${day.replaceAll('-', '.')}.${100_000 + at}`, title: titleOf(day, 'b', at) },
    ...{
      authors: names(at)
        .map((name) => `${name.split(' ')[1]}, A.`)
        .join('; '),
      date: day,
      version: '1',
    },
    ...{ author_corresponding_institution: 'Shore Lab', type: 'new results', category: 'ecology', server: 'bioRxiv' },
    abstract: abstractOf(day, at),
  }));
  return JSON.stringify({ messages: [{ status: 'ok', interval: `${day}:${day}` }], collection });
}

function arxivId(day: string, number: number): string {
  return `${day.slice(2, 4)}${day.slice(5, 7)}.${day.slice(8)}${String(number).padStart(3, '0')}`;
}

function titleOf(day: string, server: string, number: number): string {
  return `${word(number * 7 + 1)} ${word(number * 3 + 2)} of ${word(number + 5)} in tides ${server}${number} of ${day}`;
}

function abstractOf(day: string, number: number): string {
  return `We study ${Array.from({ length: WORDS }, (_, at) => word(number * 31 + at * 17 + day.charCodeAt(9))).join(' ')}.`;
}

function names(number: number): string[] {
  return Array.from(
    { length: 5 },
    (_, at) => `Ada ${word(number + at).replace(/^./, (letter) => letter.toUpperCase())}`,
  );
}

/** One of some thousand words. */
function word(number: number): string {
  const syllables = ['ka', 'lo', 'mi', 'ren', 'su', 'ta', 'vel', 'qui', 'dra', 'po'];
  return Array.from(String(1000 + (number % 7919)), (digit) => syllables[Number(digit)]).join('');
}
