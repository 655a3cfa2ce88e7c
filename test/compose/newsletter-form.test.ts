import PostalMime from 'postal-mime';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ChosenPaper, Composer, NewsletterInput } from '../../src/model/newsletter.ts';
import { sampleComposer } from '../world/installation.ts';
import { sampleInput, sampleNotice, sampleWeekly } from '../world/newsletters.ts';
import { samplePaper } from '../world/papers.ts';
import { allOf, attributeOf, linksOf, parseHtml, textOf } from './html.ts';

let composer: Composer;
beforeAll(async () => {
  composer = await sampleComposer();
});

/** A paper that an interest brought. */
function paperOf(number: number, interestId: number, interestText: string): ChosenPaper {
  const paper = samplePaper(number);
  const match = { ...samplePaper(1).match!, id: number, interestId, interestText, interestKind: 'words' as const };
  return { ...paper, match };
}

const page = (input: NewsletterInput, personal = true) => composer.page(input, { personal });
const headingsOf = (html: string, level: string) => allOf(parseHtml(html), level).map(textOf);

/** The hidden line that mail programs show beside the subject. */
function preheaderOf(html: string): string {
  const hidden = allOf(parseHtml(html), 'div').find((div) => attributeOf(div, 'style')?.includes('display:none'));
  return hidden ? textOf(hidden) : '';
}

describe('grouping', () => {
  const papers = [
    paperOf(1, 7, 'state space models'),
    paperOf(2, 8, 'bees'),
    paperOf(3, 7, 'state space models'),
    paperOf(4, 7, 'state space models'),
    { ...samplePaper(6), match: null },
  ];

  test('when five papers answer two interests, then they stand by interest, the best paper first, and a line says so', () => {
    const { html, text } = page(sampleInput(1, { papers }));
    expect(headingsOf(html, 'h2')).toEqual(['State space models', 'Bees', 'Trending with everyone', 'Also trending']);
    const order = [1, 3, 4, 2, 6].map((number) => samplePaper(number).entry.title);
    expect(headingsOf(html, 'h3')).toEqual(order);
    const contents = 'State space models 3 · Bees 1 · Trending with everyone 1';
    expect(textOf(parseHtml(html)).replace(/\u00a0/g, ' ')).toContain(contents);
    expect(text.replace(/\s+/g, ' ')).toContain(contents);
  });

  test('when there are four papers, or one interest, then there are no groups and no line', () => {
    for (const few of [papers.slice(0, 4), papers.map((_, at) => paperOf(at + 1, 7, 'state space models'))]) {
      const { html } = page(sampleInput(1, { papers: few }));
      expect(headingsOf(html, 'h2').slice(0, few.length)).toEqual(few.map(({ entry }) => entry.title));
      expect(headingsOf(html, 'h3')).toEqual([]);
    }
  });

  test('when two readers word one interest in their own way, then each reads their own', () => {
    const worded = (text: string) =>
      papers.map(({ match, ...paper }) => ({
        ...paper,
        match: match && { ...match, interestText: match.interestId === 7 ? text : 'bees' },
      }));
    for (const text of ['S4 and Mamba', 'Mamba', 'S4 and Mamba'])
      expect(headingsOf(page(sampleInput(1, { papers: worded(text) })).html, 'h2')[0]).toBe(text);
  });
});

describe('a card', () => {
  test('when it is personal, then one row reads, rates and mutes, each link named by the title for screen readers', () => {
    const { html } = page(sampleInput(1, { trending: [] }));
    const title = samplePaper(1).entry.title;
    const row = allOf(parseHtml(html), 'p').find((each) => attributeOf(each, 'class') === 'row quiet')!;
    expect(linksOf(row).map(({ text }) => text)).toEqual([
      `Read “${title}”`,
      `More papers like “${title}”`,
      `Less papers like “${title}”`,
      `Mute … a word of “${title}”`,
    ]);
    for (const span of allOf(row, 'span')) expect(attributeOf(span, 'style')).toMatch(/width:1px.*overflow:hidden/);
    expect(linksOf(parseHtml(page(sampleInput(1), false).html)).some(({ href }) => href.includes('/react/'))).toBe(
      false,
    );
  });

  test('when the source names authors, code, stars, votes and comments, then the card does', () => {
    const authors = ['Ada Example', 'Bo Sample', 'Cy Instance', 'Di Case'];
    const change = { authors, authorCount: 11, stars: 1204, codeUrl: 'https://github.com/example/x' };
    const paper = { ...samplePaper(810, change), upvotes: 31, comments: 14 };
    const { html, text } = page(sampleInput(1, { papers: [paper] }));
    const facts =
      'Ada Example, Bo Sample and 9 more · Harbour Lab · 29 Dec 2025 · 31 upvotes · 14 comments · 1,204 stars';
    expect(textOf(parseHtml(html))).toContain(facts);
    expect(text.replace(/\s+/g, ' ')).toContain(facts);
    expect(linksOf(parseHtml(html))).toContainEqual({
      href: 'https://github.com/example/x',
      text: `Code of “${paper.entry.title}”`,
    });
  });
});

test.each([1, 4, 10, 30])('when there are %i papers, then the text part has two links for each', (count) => {
  const papers = Array.from({ length: count }, (_, at) => samplePaper(at + 1001, { codeUrl: null }));
  const { text } = page(sampleInput(1, { papers, trending: [] }));
  const urls = text.match(/https?:\/\/\S+/g) ?? [];
  const rates = urls.filter((url) => url.includes('/react/'));
  expect(rates.map((url) => /\/(paper-\d+)\/rate$/.exec(url)?.[1]).toSorted()).toEqual(
    papers.map(({ entry }) => entry.paperPublicId).toSorted(),
  );
  for (const { entry } of papers)
    expect(text).toContain(`\n${entry.url ?? `https://digest.example.org/papers/${entry.paperPublicId}`}\n`);
  expect(urls).toHaveLength(2 * count + 6); // rest, settings, pause, browser, unsubscribe, home
});

test('when papers may be right, then they stand apart, by title and a line of reason, before what everyone reads', () => {
  const perhaps = [paperOf(41, 7, 'state space models'), paperOf(42, 8, 'bees')];
  const { html, text } = page(sampleInput(3, { perhaps }));
  expect(headingsOf(html, 'h2').slice(3)).toEqual(['Perhaps', 'Also trending']);
  expect(headingsOf(html, 'h3')).toEqual(perhaps.map(({ entry }) => entry.title));
  for (const words of [textOf(parseHtml(html)), text]) {
    expect(words).toContain('48 read, 3 for you, 2 perhaps.');
    expect(words.replace(/\s+/g, ' ')).toContain('Bees: “Predict”, “state spaces”');
  }
  expect(page(sampleInput(3)).text).toContain('48 read, 3 for you.');
});

test('when the day has a sentence, then it stands above the counts, cleaned, its topic’s bars first', () => {
  const days = Array.from({ length: 30 }, (_, day) => day % 4);
  const trends = [1, 2].map((interestId) => ({ interestId, name: `topic ${interestId}`, from: '2025-12-01', days }));
  const params = { topic: 'bees & <tides>\u202e', count: 14, total: 48, period: 'day' };
  const { html, text } = page(sampleWeekly(3, { trends, dayLine: { kind: 'surge', params, interestId: 2 } }));
  for (const words of [textOf(parseHtml(html)), text.replace(/\s+/g, ' ')])
    expect(words).toMatch(/Bees & <tides> everywhere: 14 of 48 papers\. *Topic 2: .*Topic 1: .*48 read, 3 for you/);
});

describe('reasons', () => {
  let number = 501; // what an entry or a match says never changes, so each needs an id of its own
  const shown = (change: object, language = 'en') => {
    const paper = samplePaper((number += 6));
    const papers = [
      { ...paper, match: { ...samplePaper(1).match!, id: number, interestText: 'robot manipulation', ...change } },
    ];
    return textOf(parseHtml(page(sampleInput(1, { papers, language })).html));
  };
  const phrase = { kind: 'phrase', text: 'manipulation', where: 'title' };
  const near = (text: string) => ({ kind: 'concept', text, where: 'abstract', of: 'Robot grasping' });

  test.each([
    [
      { interestKind: 'words', reasons: [phrase, near('grasp'), near('gripper'), near('hand')] },
      'For robot manipulation: “manipulation” in the title; grasp, gripper in the abstract',
    ],
    [
      { interestKind: 'words', reasons: [phrase, { ...phrase, where: 'abstract' }] },
      'For robot manipulation: “manipulation” in the title',
    ],
    [
      { interestKind: 'words', wording: 'MuJoCo "Robot Hands" -Legs', reasons: [phrase] },
      'For MuJoCo Robot Hands: “manipulation” in the title',
    ],
    [
      { interestKind: 'words', wording: '„Robot Hands“ that grasp –Legs, MuJoCo', reasons: [phrase] },
      'For Robot Hands that grasp, MuJoCo: “manipulation” in the title',
    ],
    [
      { interestKind: 'words', wording: '"state space" models', reasons: [phrase] },
      'For state space models: “manipulation” in the title',
    ],
    [{ interestKind: 'topic', reasons: [] }, 'From your topic robot manipulation'],
    [
      { interestKind: 'words', reasons: [{ kind: 'words', text: 'robot, hand', where: 'abstract' }] },
      'For robot manipulation: “robot”, “hand” in the abstract',
    ],
    [
      { interestKind: 'author', reasons: [{ kind: 'author', text: 'Ada Example', where: 'authors' }] },
      'By Ada Example, whom you follow',
    ],
    [
      {
        interestKind: 'like',
        like: { titles: ['Bee dances'], count: 1 },
        reasons: [{ kind: 'example', text: 'Bee dances', where: 'examples' }],
      },
      'Close to your paper “Bee dances”',
    ],
  ])('when a match says %j, then the reader is told in one line', (change, line) => {
    expect(shown(change)).toContain(` ${line} `);
  });

  test('when an organisation brought a paper, then its card names it once', () => {
    const named = (match: object) => {
      const paper = samplePaper((number += 6), { organization: { slug: 'reefs', name: 'Institute of Reefs' } });
      const papers = [{ ...paper, match: { ...samplePaper(1).match!, id: number, ...match } }];
      return textOf(parseHtml(page(sampleInput(1, { papers })).html)).split('Institute of Reefs').length - 1;
    };
    const reasons = [{ kind: 'organization', text: 'Institute of Reefs', where: 'organization' }];
    expect(named({ interestKind: 'organization', interestText: 'institute of reefs', reasons })).toBe(1);
    expect(named({ interestKind: 'words', interestText: 'corals' })).toBe(1);
  });

  test('when nothing the reader asked for brought it, then that is said, and with no interest at all it is not', () => {
    const trend = { ...samplePaper(801), match: null, comments: 14 };
    const mixed = page(sampleInput(1, { papers: [samplePaper(2), trend] })).text;
    expect(mixed).toContain('Not one of your subjects: much discussed today (14 comments)');
    const alone = page(sampleInput(1, { papers: [trend] })).text;
    expect(alone).toContain('Much discussed today (14 comments)');
    expect(alone).not.toContain('subjects');
  });

  test('when it is said in German, then a line begins with a capital', () => {
    const line = (papers: ChosenPaper[], weekly = false) =>
      page((weekly ? sampleWeekly : sampleInput)(1, { papers, language: 'de' })).text;
    const discussed = { ...samplePaper(802), match: null, comments: 14 };
    const liked = { ...samplePaper(803), match: null, comments: null, upvotes: 31 };
    expect(line([samplePaper(2), discussed])).toContain(
      'Keins Ihrer Themen, aber heute viel diskutiert (14 Kommentare)',
    );
    expect(line([discussed])).toContain('Heute viel diskutiert (14 Kommentare)');
    expect(line([liked])).toContain('Heute sehr beliebt (31 Stimmen)');
    expect(line([liked], true)).toContain('Diese Woche sehr beliebt (31 Stimmen)');
  });
});

describe('what a mail program shows before it is opened', () => {
  test('when the subject is read, then it is the best title with what is left behind it, at most 78 characters', () => {
    expect(page(sampleInput(1)).subject).toBe(samplePaper(1).entry.title);
    expect(page(sampleInput(8)).subject).toBe(`${samplePaper(1).entry.title} + 7`);
    const long = samplePaper(809, { title: 'Unreasonably '.repeat(20) });
    const { subject } = page(sampleInput(2, { papers: [long, samplePaper(1)] }));
    expect(subject).toMatch(/^Unreasonably.*… \+ 1$/);
    expect(subject.length).toBeLessThanOrEqual(78);
  });

  test('when the line beside it is read, then it says what neither the subject nor the counts say', () => {
    for (const count of [1, 2, 9]) {
      const { subject, html } = page(sampleInput(count));
      const beside = preheaderOf(html);
      expect(beside).not.toContain(subject.replace(/ \+ \d+$/, ''));
      expect(beside).not.toMatch(/48|for you/);
      expect(beside).toContain(count === 1 ? 'We study bridge cables' : samplePaper(2).entry.title);
    }
  });

  test('when there is little to say beside it, then the line is filled up with what is true of each newsletter', () => {
    const beside = (papers: ChosenPaper[], language = 'en') =>
      preheaderOf(page(sampleInput(1, { papers, language })).html);
    const silent = samplePaper(804, { abstract: '' });
    const short = samplePaper(805, { title: 'Tides' });
    expect(beside([silent])).toBe('Read, rate or mute what is inside.');
    expect(beside([silent], 'de')).toBe('Lesen, bewerten, ausschließen: alles darin.');
    expect(beside([silent, short])).toBe('Then: Tides · Read, rate or mute what is inside.');
  });
});

test.each([
  ['daily', sampleInput(10), /That is all for today: 2 minutes\./],
  ['weekly', sampleWeekly(3), /That is all for this week: 1 minute\./],
  ['welcome', sampleInput(2, { editionKey: 'welcome:1' }), /That is all for a start: 1 minute\./],
  ['German', sampleInput(10, { language: 'de' }), /Das war alles für heute: 2 Minuten\./],
])('when a %s newsletter ends, then it says so, with how long it took to read', (_, input, end) => {
  const { html, text } = page(input);
  expect(textOf(parseHtml(html))).toMatch(end);
  expect(text).toMatch(end);
});

/** Undoes format=flowed by the letter of RFC 3676 (4.1, 4.4), as a program of its own would. */
function flow(encoded: string): string[] {
  const paragraphs: string[] = [];
  let open = false;
  for (const line of encoded.split('\r\n').map((each) => each.replace(/^ /, ''))) {
    if (open) paragraphs.push((paragraphs.pop() ?? '') + line);
    else paragraphs.push(line);
    open = line.endsWith(' ') && line !== '-- ';
  }
  return paragraphs.map((each) => each.trimEnd());
}

test('when the text part is read as flowed, then each paragraph is one line, what is fixed stays, and each line fits', async () => {
  const says = '> from one season, From there on. '.repeat(12);
  const input = sampleInput(6, { papers: [samplePaper(811, { abstract: says }), ...sampleInput(6).papers.slice(1)] });
  const raw = composer.newsletter(input).raw.toString('latin1');
  const [, head = '', body = ''] = /(Content-Type: text\/plain[^]*?)\r\n\r\n([^]*?)\r\n--=_/.exec(raw) ?? [];
  expect(head).toContain('format=flowed');
  const decoded = Buffer.from(
    body.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');
  for (const line of decoded.split('\r\n').filter((each) => !each.includes('https://')))
    expect(line.length).toBeLessThanOrEqual(78);
  const paragraphs = flow(decoded);
  expect(paragraphs).toContain(`1. ${samplePaper(811).entry.title}`);
  expect(paragraphs.find((each) => each.startsWith('> from one season'))?.length).toBeGreaterThan(200);
  expect(paragraphs).toContain('Wednesday, 31 December 2025');
  expect(paragraphs).toContain('===========================');
  expect(paragraphs.filter((each) => / {2}/.test(each))).toEqual([]);
  const { text } = await PostalMime.parse(raw); // and one program agrees
  expect(text?.split('\n').map((each) => each.trim())).toContain(paragraphs.find((each) => each.startsWith('> from')));
});

test.each(['daily', 'weekly', 'confirmation', 'alarm'])(
  'when Outlook for Windows shows the %s mail, then all its room is made by table cells and margins',
  async (kind) => {
    const html =
      kind === 'daily'
        ? page(sampleInput(10, { notes: [{ digestOn: '2025-12-30', verdict: 'partial' }] })).html
        : kind === 'weekly'
          ? page(sampleWeekly(8)).html
          : ((await PostalMime.parse(composer.notice(sampleNotice(kind as 'alarm')).raw)).html ?? '');
    const document = parseHtml(html);
    const padded = ['p', 'div', 'a', 'span', 'b', 'bdi', 'h1', 'h2', 'h3', 'table'].flatMap((name) =>
      allOf(document, name).filter((each) =>
        /(^|[;\s])padding[\w-]*:(?!0(px)?(;|$))/.test(attributeOf(each, 'style') ?? ''),
      ),
    );
    expect(padded.map((each) => each.tagName)).toEqual([]);
    expect(allOf(document, 'td').some((each) => attributeOf(each, 'style')?.includes('padding'))).toBe(true);
  },
);
