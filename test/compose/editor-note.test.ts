import { beforeAll, describe, expect, it, test } from 'vitest';
import { badLinks, cleanNote, lengthOfNote, readNote } from '../../src/compose/text/editor-note.ts';
import type { Composer } from '../../src/model/newsletter.ts';
import { NOTE_LENGTH } from '../../src/model/editor-note.ts';
import { sampleComposer } from '../world/installation.ts';
import { sampleInput } from '../world/newsletters.ts';
import { samplePaper } from '../world/papers.ts';
import { allOf, linksOf, parseHtml, textOf } from './html.ts';

let composer: Composer;
beforeAll(async () => {
  composer = await sampleComposer();
});

const page = (editorNote: string, change = {}) =>
  composer.page(sampleInput(3, { editorNote, ...change }), { personal: false });

describe('reading a note', () => {
  test.each([
    ['See [our guide](https://example.org/guide).', [['our guide', 'https://example.org/guide']]],
    ['More at https://example.org/a?b=c, today.', [['https://example.org/a?b=c', 'https://example.org/a?b=c']]],
    ['(https://example.org/a)', [['https://example.org/a', 'https://example.org/a']]],
    ['[x](javascript:alert(1))', []],
    ['[x](http://example.org/)', []],
    ['[x](https://user:secret@example.org/)', []],
    ['[x](https://192.0.2.7/)', []],
    ['[x](data:text/html,y)', []],
    ['https://localhost/x', []],
  ])('when it is «%s», then its links are %j and every letter is kept', (note, links) => {
    const parts = readNote(note).flat();
    expect(parts.flatMap(({ text, url }) => (url === null ? [] : [[text, url]]))).toEqual(links);
    for (const { url } of parts) expect(url === null || url.startsWith('https://')).toBe(true);
  });

  it('when a link leads to where no mail may link, then it is named', () => {
    expect(
      badLinks(
        '[a](javascript:alert(1)) [b](https://example.org/) [c](http://example.org) [d](https://10.0.0.1/) [e](https://example.org/(f)) [g]',
      ),
    ).toEqual(['javascript:alert(1', 'http://example.org', 'https://10.0.0.1/', 'https://example.org/(f']);
  });

  it('when its length is counted, then as people do: a family is one sign, and where a link leads is none', () => {
    expect(lengthOfNote('👩‍👩‍👧‍👦é')).toBe(2);
    expect(lengthOfNote('[abc](https://example.org/a-long-way-to-go)')).toBe(3);
    expect(lengthOfNote(`a\r\n\r\n  b  c `)).toBe(4);
  });

  it('when it holds controls or turns text around, then these are gone', () => {
    expect(cleanNote('a\u0000b\u202ec\u0001unsubscribe\u0002\r\n\n d')).toBe('abcunsubscribe\nd');
  });
});

describe('a note in a newsletter', () => {
  it('when it is composed, then both parts say it above the papers, with its links', () => {
    const { html, text } = page('Read [this](https://example.org/this) first.\nThen the rest.');
    const root = parseHtml(html);
    expect(textOf(root)).toMatch(/From the editor Read this first\. Then the rest\..*48 read/);
    expect(linksOf(root)).toContainEqual({ href: 'https://example.org/this', text: 'this' });
    expect(text).toMatch(
      /From the editor:\nRead this first\.\nThen the rest\.\n\nthis:\nhttps:\/\/example\.org\/this\n/,
    );
    const bare = page('More at https://Example.org, or on [our page](https://example.org/page).').text;
    expect(bare).toContain('From the editor:\nMore at https://Example.org, or on our page.\n\nour page:\n');
    expect(bare).not.toMatch(/https:\/\/Example\.org:/i);
    expect(page('x', { language: 'de' }).text).toContain('Aus der Redaktion:\nx');
  });

  it.each([
    '<script>alert(1)</script><img src=x onerror=alert(1)>',
    '[<b>x</b>](https://example.org/"onmouseover="alert(1))',
    '[x](https://example.org/"><script>alert(1)</script>)',
    '{{slot "unsubscribe"}} {{{{raw}}}}',
    '\u0001unsubscribe\u0002 \u0001body\u0002',
    '</td></tr></table></body>',
  ])('when it is «%s», then it is text: nothing of it is markup, a template or a slot', (note) => {
    const [plain, hostile] = [parseHtml(page('plain').html), parseHtml(page(note).html)];
    const elements = (name: string) => [allOf(plain, name).length, allOf(hostile, name).length];
    for (const name of ['script', 'img', 'b', 'table', 'td'])
      expect([name, ...new Set(elements(name))]).toHaveLength(2);
    for (const link of linksOf(hostile)) expect(link.href).toMatch(/^https:\/\//);
    expect(page(note).html).not.toMatch(/ on(error|mouseover)="/);
    for (const word of readNote(note).flat()) expect(textOf(hostile)).toContain(word.text.trim().replace(/\s+/g, ' '));
  });

  it('when it is as long as may be, with fifty long papers, then the mail keeps its size', () => {
    const link = `[x](https://example.org/${'y'.repeat(1_900)})`;
    const papers = Array.from({ length: 50 }, (_, n) => samplePaper(n + 1, { abstract: 'Long words. '.repeat(400) }));
    for (const editorNote of [`${link} ${link}`, 'é\n'.repeat(NOTE_LENGTH), '<'.repeat(NOTE_LENGTH)]) {
      const input = sampleInput(50, { editorNote, papers });
      const { html } = composer.page(input, { personal: true });
      expect(Buffer.byteLength(html)).toBeLessThanOrEqual(95_000);
      expect(
        Buffer.byteLength(composer.page({ ...input, papers: papers.slice(0, 10) }, { personal: true }).html),
      ).toBeLessThanOrEqual(60_000);
    }
  });
});

describe("an editor's paper", () => {
  const picked = { ...samplePaper(40), match: null, picked: true } as const;

  it('when no interest brought it, then it says who chose it, and is counted for nobody', () => {
    const papers = [samplePaper(1), samplePaper(2), picked];
    const { html, text } = composer.page(sampleInput(3, { papers }), { personal: true });
    expect(textOf(parseHtml(html))).toMatch(/48 read, 2 for you\./);
    expect(text.match(/Chosen by the editor/g)).toHaveLength(1);
    expect(text).not.toContain('Not one of your subjects');
  });

  it.each([false, true])(
    'when it stands last and was the best by its votes (a test: %s), then the subject names the paper that is read first',
    (test) => {
      const own = [1, 2, 3, 4].map((n) => ({ ...samplePaper(n), match: null }));
      const pick = { ...samplePaper(77, { title: 'Unmistakably-chosen' }), match: null, picked: true } as const;
      const papers = [pick, ...own];
      const input = sampleInput(5, { papers, ...(test && { test: true as const }) });
      const { subject, html } = composer.page(input, { personal: !test });
      const said = textOf(parseHtml(html));
      const [first = '', ...others] = own.map(({ entry }) => entry.title);
      expect(subject).toBe(`${first} + 4`);
      expect(said.indexOf(`Then: ${others[0]}`)).toBeGreaterThanOrEqual(0);
      expect(said.lastIndexOf('Unmistakably-chosen')).toBeGreaterThan(said.lastIndexOf(others[2] ?? ''));
    },
  );

  it('when an interest brought it too, then both are said', () => {
    const papers = [{ ...samplePaper(1), picked: true } as const, samplePaper(2)];
    const { text } = composer.page(sampleInput(2, { papers }), { personal: true });
    expect(text).toMatch(/From your topic Forecasting[^]*Chosen by the editor[^]*2\. /);
    expect(text).toContain('48 read, 2 for you.');
  });

  it('when there are many papers, then it stands last under its own heading, as a card', () => {
    const papers = [...Array.from({ length: 8 }, (_, n) => samplePaper(n + 1)), picked];
    const { html } = composer.page(sampleInput(9, { papers }), { personal: true });
    const headings = allOf(parseHtml(html), 'h2').map(textOf);
    expect(headings.slice(-2)).toEqual(['Chosen by the editor', 'Also trending']);
    expect(html.split('Chosen by the editor').at(-1)).toContain('Read<span');
  });
});
