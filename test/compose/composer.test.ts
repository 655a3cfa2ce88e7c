import PostalMime, { type Email } from 'postal-mime';
import { beforeAll, describe, expect, test } from 'vitest';
import { signToken } from '../../src/links/tokens.ts';
import type { Composer } from '../../src/model/newsletter.ts';
import { allOf, attributeOf, linksOf, parseHtml, textOf } from './html.ts';
import { KEYS, POSTAL, sampleComposer } from '../world/installation.ts';
import { sampleInput, sampleNotice, sampleWeekly } from '../world/newsletters.ts';
import { samplePaper } from '../world/papers.ts';

let composer: Composer;
beforeAll(async () => {
  composer = await sampleComposer();
});

async function read(raw: Buffer): Promise<Email & { header(name: string): string | undefined }> {
  const email = await PostalMime.parse(raw);
  return { ...email, header: (name) => email.headers.find(({ key }) => key === name)?.value };
}

/** The quiet lines of a newsletter, in order: reasons and facts. */
function quietLines(html: string): string[] {
  return allOf(parseHtml(html), 'p')
    .filter((line) => attributeOf(line, 'class') === 'quiet')
    .map(textOf);
}

/** Text as a program shows it that knows no format=flowed, so that it can be compared with what one shows that does. */
function unwrapped(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

describe('a newsletter', () => {
  test('when it is composed twice, by two composers, then its bytes are the same', async () => {
    const other = await sampleComposer();
    const input = sampleInput(8);
    // What was composed before leaves no trace.
    other.newsletter(sampleInput(3, { subscriberPublicId: 'SomebodyElse1234' }));
    expect(other.newsletter(input).raw.equals(composer.newsletter(input).raw)).toBe(true);
  });

  test('when one gives its memory back twice, then the next two stand in memory of their own', async () => {
    const fresh = await sampleComposer();
    const once = fresh.newsletter(sampleInput(2));
    once.free?.();
    once.free?.();
    ({ ...once }).free?.(); // as a signed copy of it would
    const inputs = ['Ada1234567890abc', 'Bea1234567890abc'].map((subscriberPublicId) =>
      sampleInput(2, { subscriberPublicId }),
    );
    const bytes = inputs.map((input) => fresh.newsletter(input).raw);
    for (const [n, input] of inputs.entries()) {
      expect(bytes[n]?.equals(composer.newsletter(input).raw)).toBe(true);
    }
  });

  test('when it is read, then text and HTML hold every paper, in order, with its link', async () => {
    const input = sampleInput(7);
    const email = await read(composer.newsletter(input).raw);
    const html = parseHtml(email.html ?? '');
    const headings = ['h2', 'h3'].flatMap((level) => allOf(html, level).map(textOf));
    const titles = allOf(html, 'h3').map(textOf);
    expect(titles.toSorted()).toEqual(input.papers.map(({ entry }) => entry.title).toSorted());
    for (const [at, title] of titles.entries()) expect(unwrapped(email.text ?? '')).toContain(`${at + 1}. ${title}`);
    const hrefs = linksOf(html).map(({ href }) => href);
    for (const { entry } of input.papers) {
      expect(hrefs).toContain(entry.url ?? `https://digest.example.org/papers/${entry.paperPublicId}`);
    }
    for (const href of hrefs) expect(email.text).toContain(href.replace(/#(?:more|less|mute)$/, ''));
    for (const heading of headings) expect(email.text?.replace(/\s+/g, ' ')).toContain(heading);
  });

  test('when an abstract tells what is new and what came out, then the card begins with both, and the reasons say why', () => {
    const { html } = composer.page(sampleInput(1), { personal: true });
    const texts = allOf(parseHtml(html), 'p').map(textOf);
    const says = texts.find((text) => text.startsWith('We study bridge cables with sensors of many kinds'));
    expect(says).toMatch(
      /of patience\. Our model needs 40% less memory than the one before it\. A model of state spaces follows them/,
    );
    expect(quietLines(html)[0]).toBe(
      'From your topic Forecasting: “Predict” in the title; “state spaces” in the abstract',
    );
    expect(allOf(parseHtml(html), 'b').map(textOf)).toEqual(['Forecasting', 'state spaces']);
  });

  test('when a reaction lifted a paper, then it is the last reason, takes no place of another, and stands in both parts', () => {
    const liked = { reaction: { kind: 'reaction', text: 'Bees & <tides> of $O(n^2)$', where: 'title' } } as const;
    const papers = [samplePaper(1), samplePaper(5)].map((paper) => ({ ...paper, ...liked }));
    const shown = (language: string) => {
      const { html, text } = composer.page(sampleInput(2, { papers, language }), { personal: true });
      return { lines: quietLines(html), text: unwrapped(text), html };
    };
    const english = shown('en');
    const because = 'Like “Bees & <tides> of O(n²)”, which you asked for more of';
    const found = 'From your topic Forecasting: “Predict” in the title; “state spaces” in the abstract';
    const trend = 'Not one of your subjects: well liked today (15 upvotes)';
    expect(english.lines.filter((line) => !line.includes(' · '))).toEqual([found, because, trend, because]);
    expect(english.text).toContain(`${trend} ${because}`);
    expect(english.html).toContain('Bees &amp; &lt;tides&gt;');
    expect(shown('de').lines).toContain('Ähnlich wie „Bees & <tides> of O(n²)“, wovon Sie mehr wollten');
  });

  test('when one reader reacted and others get the same papers, then nobody sees what another liked', async () => {
    const liked = (title: string) => {
      const papers = sampleInput(2).papers.map((paper) => ({
        ...paper,
        reaction: { kind: 'reaction', text: title, where: 'title' } as const,
      }));
      return sampleInput(2, { papers });
    };
    const inputs = [liked('Bees'), sampleInput(2), liked('Tides'), liked('Bees')];
    const shared = await sampleComposer();
    for (const personal of [true, false]) {
      const alone = await Promise.all(
        inputs.map(async (input) => (await sampleComposer()).page(input, { personal }).html),
      );
      expect(inputs.map((input) => shared.page(input, { personal }).html)).toEqual(alone);
      expect(alone[1]).not.toContain('asked for more of');
    }
  });

  test('when the words that matched stand far down in an abstract, then its excerpt holds their sentence, at most 560 characters', () => {
    const filler = 'Nothing of that kind is said in this sentence, nor in the others of its kind. '.repeat(12);
    const abstract = `${filler}The $n^2$ cables of a bridge sing at night. ${filler}`;
    const found = { kind: 'phrase', text: 'cables of a bridge', where: 'abstract' } as const;
    const paper = samplePaper(903, { abstract });
    const match = paper.match && { ...paper.match, reasons: [found] };
    const { html } = composer.page(sampleInput(1, { papers: [{ ...paper, match }] }), { personal: true });
    const excerpt = allOf(parseHtml(html), 'p')
      .map(textOf)
      .find((text) => text.startsWith('The n2 cables of a bridge'));
    expect(excerpt?.length).toBeGreaterThan(300);
    expect(excerpt?.length).toBeLessThanOrEqual(560);
  });

  test('when a weekly newsletter has movers, then each stands with its link and its rise in both parts, after the papers', async () => {
    const input = sampleWeekly(4);
    const own = input.papers[0]!.entry;
    const movers = [...(input.movers ?? []), { entry: own, rise: 99 }];
    const email = await read(composer.newsletter({ ...input, movers }).raw);
    const document = parseHtml(email.html ?? '');
    const headings = allOf(document, 'h2').map(textOf);
    expect(headings).toEqual(['Forecasting', 'State spaces', 'Movers of the week', 'Also trending']);
    const shown = textOf(document);
    const text = unwrapped(email.text ?? '');
    for (const { entry, rise } of input.movers ?? []) {
      const href = entry.url ?? `https://digest.example.org/papers/${entry.paperPublicId}`;
      expect(shown).toContain(`${entry.title} +${rise} upvotes`);
      expect(text).toContain(`${entry.title} ${href} +${rise} upvotes`);
      expect(linksOf(document)).toContainEqual({ href, text: entry.title });
    }
    expect(text).not.toContain('+99');
  });

  test('when an abstract holds LaTeX, then it is read as text', () => {
    const paper = samplePaper(901, { title: 'Scaling as $O(n^2)$', abstract: 'It needs 40\\% less {\\it memory}.' });
    const { html, text } = composer.page(sampleInput(1, { papers: [paper], trending: [] }), { personal: true });
    expect(html).toContain('Scaling as O(n²)</a>');
    expect(html).toContain('It needs 40% less <em>memory</em>.');
    expect(text).toContain('1. Scaling as O(n²)');
    expect(text).toContain('It needs 40% less memory.');
  });

  test('when links of the reader are followed, then each carries its own token of the reader and none the address', async () => {
    const input = sampleInput(3);
    const email = await read(composer.newsletter(input).raw);
    const links = linksOf(parseHtml(email.html ?? ''));
    const named = (text: string) => links.find((link) => link.text === text)?.href ?? '';
    expect(named('Unsubscribe')).toMatch(
      /^https:\/\/digest\.example\.org\/unsubscribe\/unsubscribe\.Abcdefgh12345678\.1\.[0-9a-f]{32}$/,
    );
    expect(email.header('list-unsubscribe')).toBe(`<${named('Unsubscribe')}>`);
    expect(named('Change what you get')).toMatch(/\/preferences\/preferences\.Abcdefgh12345678\.1\.[0-9a-f]{32}$/);
    expect(named('View in your browser')).toContain('/newsletters/newsletter.7a1c0f6e-8a53-4d9e-9d64-0a4b3a4c1d2e.1.');
    const second = input.papers[1]!.entry.title;
    expect(named(`More papers like “${second}”`)).toMatch(
      /\/react\/react\.Abcdefgh12345678\.1\.[0-9a-f]{32}\/paper-0000000002\/rate#more$/,
    );
    expect(email.html).not.toContain('ana@reader');
  });

  test('when readers with longer and shorter links get the same papers in turn, then each mail holds its own reader alone', async () => {
    const readers = ['Abcdefgh12345678', 'Bcdefghi23456789'];
    for (const generation of [1, 10, 123_456, 10, 1]) {
      for (const subscriberPublicId of readers) {
        const input = sampleInput(12, { subscriberPublicId, generation });
        const email = await read(composer.newsletter(input).raw);
        const own = `/react/${signToken(KEYS.link[0]!, 'react', subscriberPublicId, generation)}/`;
        const hrefs = linksOf(parseHtml(email.html ?? '')).map(({ href }) => href);
        const reactions = hrefs.filter((href) => href.includes('/react/'));
        expect(reactions).toHaveLength(9); // three cards
        for (const href of reactions) expect(href).toContain(own);
        expect(email.text?.split(own)).toHaveLength(13);
        for (let number = 1; number <= 12; number++) expect(email.text).toContain(`\n${number}. `);
        expect(email.html).not.toContain(readers.find((each) => each !== subscriberPublicId));
      }
    }
  });

  test('when two links have the same words, then they lead to the same place', () => {
    const { html } = composer.page(sampleInput(10), { personal: true });
    const places = new Map<string, string>();
    for (const { text, href } of linksOf(parseHtml(html)))
      expect(places.set(text, places.get(text) ?? href).get(text)).toBe(href);
  });

  test('when it is viewed in the browser, then no personal link is left, and else the page is the mail', async () => {
    const input = sampleInput(4);
    const open = composer.page(input, { personal: false });
    expect(open.html + open.text).not.toMatch(/Abcdefgh12345678|unsubscribe|preferences\.|react|7a1c0f6e/);
    const mail = await read(composer.newsletter(input).raw);
    const own = composer.page(input, { personal: true });
    expect(own.html.trimEnd()).toBe(mail.html?.replace(/\r\n/g, '\n').trimEnd());
    expect(unwrapped(own.text)).toBe(unwrapped(mail.text ?? ''));
    expect(own.subject).toBe(mail.subject);
  });

  test('when it is sent, then the envelope sender is an address of its own', () => {
    const [first, second] = [
      sampleInput(1),
      sampleInput(1, { deliveryPublicId: '11111111-8a53-4d9e-9d64-0a4b3a4c1d2e' }),
    ].map((input) => composer.newsletter(input));
    expect(first?.envelope.from).toMatch(/^b\+[0-9a-f]{32}-[0-9a-f]{20}@bounce\.digest\.example\.org$/);
    expect(first?.envelope.from).not.toBe(second?.envelope.from);
    expect(first?.envelope.to).toBe('ana@reader.example.net');
  });

  test('when BOUNCE_DOMAIN is unset, then the envelope sender is the From address', async () => {
    const plain = await sampleComposer({ BOUNCE_DOMAIN: '' });
    expect(plain.newsletter(sampleInput(1)).envelope.from).toBe('papers@digest.example.org');
  });

  test('when the bytes are looked at, then they are ASCII lines of at most 998 ending in CRLF, no dot in front', () => {
    const raw = composer.newsletter(sampleInput(10)).raw.toString('latin1');
    expect(raw).toMatch(/^[\t\r\n -~]*$/);
    expect(raw.replace(/\r\n/g, '')).not.toMatch(/[\r\n]/);
    for (const line of raw.split('\r\n')) {
      expect(line.length).toBeLessThanOrEqual(998);
      expect(line).not.toMatch(/^\./);
    }
  });

  test('when both parts are read, then they say why it came, how to leave, and the postal address', async () => {
    const email = await read(composer.newsletter(sampleInput(2)).raw);
    for (const text of [textOf(parseHtml(email.html ?? '')), email.text ?? '']) {
      expect(text.replace(/\s+/g, ' ')).toContain('You get this because you confirmed a subscription');
      expect(text).toContain('Unsubscribe');
      expect(text).toContain(POSTAL);
    }
  });

  test('when the key it was planned with is retired, then its links are signed with the newest one', () => {
    const retired = composer.newsletter(sampleInput(1, { keyId: 7 })).raw;
    expect(retired.equals(composer.newsletter(sampleInput(1)).raw)).toBe(true);
  });
});

describe('a notice', () => {
  test('when it asks for confirmation, then there is one way to say yes, one to say never, and no list fields', async () => {
    const email = await read(composer.notice(sampleNotice('confirmation')).raw);
    const links = linksOf(parseHtml(email.html ?? ''));
    expect(links.map(({ text }) => text)).toEqual([
      'Confirm my subscription',
      'That was not me: never write to this address again',
    ]);
    expect(links[0]?.href).toMatch(/\/confirm\/confirm\.Abcdefgh12345678\.1\./);
    expect(links[1]?.href).toMatch(/\/decline\/decline\.Abcdefgh12345678\.1\./);
    for (const { href } of links) expect(email.text?.split('\n').map((line) => line.trim())).toContain(href);
    expect(email.header('list-unsubscribe')).toBeUndefined();
    expect(email.text?.replace(/\s+/g, ' ')).toMatch(/ignore this mail/);
  });

  test('when a question and its reminder are sent, then each says truly what follows, and how long its link works', async () => {
    const flat = (text?: string) => text?.replace(/\s+/g, ' ');
    const question = flat((await read(composer.notice(sampleNotice('confirmation')).raw)).text);
    expect(question).toContain('without an answer, one reminder follows and then nothing more');
    const reminder = flat((await read(composer.notice(sampleNotice('reminder')).raw)).text);
    expect(reminder).toContain('without an answer, nothing more will be sent');
    expect(reminder).toMatch(/The link works until Friday,? 2 January at 19:04 CET\./);
    expect(reminder).not.toContain('48 hours');
    const older = flat((await read(composer.notice(sampleNotice('reminder', { payload: null })).raw)).text);
    expect(older).toContain('nothing more will be sent');
    expect(older).not.toContain('one reminder follows');
  });

  test('when a reader filled in the form again, then their mail offers to take it over, and their own link', async () => {
    const email = await read(composer.notice(sampleNotice('link', { payload: { offer: 'k3v9q2w8x7c6b5n4m2tz' } })).raw);
    const links = linksOf(parseHtml(email.html ?? ''));
    const named = (text: string) => links.find((link) => link.text === text)?.href ?? '';
    expect(named('See the new choices')).toMatch(/\/confirm\/confirm\.k3v9q2w8x7c6b5n4m2tz\.1\.[0-9a-f]{32}$/);
    expect(named('Open my preferences')).toContain('/preferences/preferences.');
    expect(email.text).toContain(named('See the new choices'));
  });

  test.each(['confirmation', 'reminder', 'link', 'moving', 'alarm'] as const)(
    'when it is a %s, then it has one h1, a subject and both parts',
    async (kind) => {
      const email = await read(composer.notice(sampleNotice(kind)).raw);
      const html = parseHtml(email.html ?? '');
      expect(allOf(html, 'h1')).toHaveLength(1);
      expect(email.subject?.length).toBeGreaterThan(5);
      expect(email.text?.length).toBeGreaterThan(80);
    },
  );

  test.each([
    ['en', 'Is your Offprint newsletter to move?', 'Keep my newsletter here'],
    ['de', 'Soll Ihr Newsletter von Offprint umziehen?', 'Meinen Newsletter hier behalten'],
  ])(
    'when it tells in %s that a move was asked for, then it names no address and offers the one way to keep it',
    async (language, subject, label) => {
      const email = await read(composer.notice(sampleNotice('moving', { language })).raw);
      expect(email.subject).toBe(subject);
      const links = linksOf(parseHtml(email.html ?? ''));
      expect(links.map(({ text }) => text)).toEqual([label]);
      expect(links[0]?.href).toMatch(/\/undo\/undo\.Abcdefgh12345678\.1\./);
      expect(email.text?.split('\n').map((line) => line.trim())).toContain(links[0]?.href);
      expect(email.text).not.toContain('@');
      expect(email.header('list-unsubscribe')).toBeUndefined();
    },
  );

  test('when an alarm quotes hostile text, then it is text', async () => {
    const payload = { subject: 'Bad\r\nBcc: x@example.org', lines: ['<script>alert(1)</script> {{7*7}}'] };
    const email = await read(composer.notice(sampleNotice('alarm', { payload })).raw);
    expect(email.subject).toBe('Bad Bcc: x@example.org');
    expect(email.header('bcc')).toBeUndefined();
    expect(allOf(parseHtml(email.html ?? ''), 'script')).toEqual([]);
    expect(email.text).toContain('<script>alert(1)</script>');
  });
});
