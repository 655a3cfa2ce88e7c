import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { beforeAll, expect, test } from 'vitest';
import type { Composer } from '../../src/model/newsletter.ts';
import { extremeInput, HOSTILE, HOSTILE_LINKS } from '../world/hostile.ts';
import { sampleComposer } from '../world/installation.ts';
import { sampleInput, sampleWeekly } from '../world/newsletters.ts';
import { sampleEntry, samplePaper } from '../world/papers.ts';
import { allOf, attributeOf, linksOf, parseHtml, textOf } from './html.ts';

let composer: Composer;
beforeAll(async () => {
  composer = await sampleComposer();
});

const ELEMENTS = new Set(
  'html head title meta style body div table tbody tr td p h1 h2 h3 a span bdi b sup sub em'.split(' '),
);
const ATTRIBUTES = new Set(
  'lang dir xmlns:v xmlns:o xmlns http-equiv content name type media class style role aria-roledescription aria-label aria-hidden align border cellpadding cellspacing width href'.split(
    ' ',
  ),
);

/** Fails where the HTML holds anything that our templates do not. */
function expectOnlyOurMarkup(html: string): void {
  const walk = (node: ReturnType<typeof parseHtml>): void => {
    if ('tagName' in node) {
      expect(ELEMENTS, `<${node.tagName}>`).toContain(node.tagName);
      for (const { name } of node.attrs) expect(ATTRIBUTES, `${node.tagName} ${name}`).toContain(name);
    }
    if ('childNodes' in node) node.childNodes.forEach(walk);
  };
  walk(parseHtml(html));
}

async function check(raw: Buffer): Promise<void> {
  const text = raw.toString('latin1');
  expect(text).toMatch(/^[\t\r\n -~]*$/);
  expect(text.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
  const mail = await PostalMime.parse(raw);
  const names = mail.headers.map(({ key }) => key);
  expect(new Set(names).size).toBe(names.length);
  expect(names).not.toContain('bcc');
  expect(mail.to?.map(({ address }) => address)).toEqual(['ana@reader.example.net']);
  expectOnlyOurMarkup(mail.html ?? '');
  const visible = textOf(parseHtml(mail.html ?? '')) + (mail.text ?? '');
  // oxlint-disable-next-line no-control-regex
  expect(visible).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202a-\u202e\u2066-\u2069\u200b\ufffd]/);
  for (const { href } of linksOf(parseHtml(mail.html ?? ''))) expect(href).toMatch(/^https?:\/\/[a-z0-9.-]+\/[!-~]*$/);
}

test('when titles, names, abstracts, interests and links are hostile, then they end up as harmless text', async () => {
  await check(composer.newsletter(extremeInput(true)).raw);
  for (const [index, text] of HOSTILE.entries()) {
    const paper = samplePaper(901 + index, {
      title: text,
      abstract: text,
      authors: [text],
      organization: { slug: text, name: text },
    });
    const match = paper.match && {
      ...paper.match,
      interestText: text,
      reasons: [{ kind: 'phrase' as const, text, where: 'title' as const }],
    };
    await check(
      composer.newsletter(
        sampleInput(1, {
          papers: [{ ...paper, match, reaction: { kind: 'reaction', text, where: 'title' } }, samplePaper(2)],
          trending: [paper.entry],
          editionKey: 'weekly:2026-W01',
        }),
      ).raw,
    );
  }
});

test('when a link is hostile, then the title leads to our own page', () => {
  for (const [index, link] of HOSTILE_LINKS.entries()) {
    const paper = samplePaper(200 + index, { url: link, codeUrl: link, discussionUrl: link });
    const { html } = composer.page(sampleInput(1, { papers: [paper], trending: [] }), { personal: false });
    const hrefs = linksOf(parseHtml(html)).map(({ href }) => href);
    expect(hrefs[1]).toBe(`https://digest.example.org/papers/${paper.entry.paperPublicId}`);
    expect(hrefs.every((href) => href.startsWith('https://digest.example.org/'))).toBe(true);
  }
});

test('whatever a paper says, it ends up as harmless text', async () => {
  let number = 1_000; // an entry's text never changes, so each needs an id of its own
  const part = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({ unit: 'grapheme', maxLength: 60 }),
    fc.constantFrom<string>(...HOSTILE),
  );
  const text = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
  const link = fc.oneof(
    fc.webUrl({ withQueryParameters: true, withFragments: true }),
    text,
    fc.constantFrom<string>(...HOSTILE_LINKS),
  );
  await fc.assert(
    fc.asyncProperty(text, text, text, link, async (title, abstract, name, url) => {
      const paper = samplePaper(++number, {
        title,
        abstract,
        authors: [name],
        organization: { slug: name, name },
        url,
        codeUrl: url,
        discussionUrl: url,
      });
      await check(composer.newsletter(sampleInput(1, { papers: [paper], trending: [] })).raw);
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('when a title is a megabyte, then the mail stays small', () => {
  const paper = samplePaper(500, {
    title: 'x '.repeat(500_000),
    abstract: '\\textbf{'.repeat(100_000),
    authors: ['y'.repeat(1_000_000)],
  });
  expect(composer.newsletter(sampleInput(1, { papers: [paper], trending: [paper.entry] })).raw.length).toBeLessThan(
    60_000,
  );
});

test('when there are ten papers, then the HTML is at most 60 kB; with fifty of the longest at most 95 kB, and no paper is lost unsaid', () => {
  for (const ten of [sampleInput(10), sampleWeekly(10)])
    expect(Buffer.byteLength(composer.page(ten, { personal: true }).html)).toBeLessThanOrEqual(60_000);
  const long = Array.from({ length: 5 }, (_, index) => ({
    entry: sampleEntry(800 + index, { title: '<&">'.repeat(500) }),
    rise: 1e9,
  }));
  const input = extremeInput(true, {
    editionKey: 'weekly:2026-W01',
    movers: long,
    trending: long.map(({ entry }) => entry),
  });
  const { html } = composer.page(input, { personal: true });
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(95_000);
  expect(Buffer.byteLength(html)).toBeGreaterThan(60_000);
  const titles = allOf(parseHtml(html), 'h3');
  const rest = /(\d+) more papers? on the web/.exec(html)?.[1];
  expect(titles.length + Number(rest)).toBe(50 + input.moreCount);
});

test('when a title runs from right to left, then it is aligned right without dir="auto", and the mail stays left to right', () => {
  const paper = samplePaper(700, { title: '«2» מודלים של מרחב', abstract: 'נמדד בשטח.' });
  const { html } = composer.page(sampleInput(1, { papers: [paper] }), { personal: true });
  const document = parseHtml(html);
  expect(attributeOf(allOf(document, 'html')[0]!, 'dir')).toBe('ltr');
  const heading = allOf(document, 'h2').find((each) => textOf(each).includes('מרחב'));
  const excerpt = allOf(document, 'p').find((each) => textOf(each).includes('בשטח'));
  for (const element of [heading, excerpt]) {
    expect(element && attributeOf(element, 'dir')).toBe('rtl');
    expect(element && attributeOf(element, 'style')).toContain('text-align:right');
  }
  const left = allOf(document, 'h1')[0]!;
  expect(attributeOf(left, 'style')).not.toContain('right');
});
