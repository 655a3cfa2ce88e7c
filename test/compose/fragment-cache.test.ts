import { expect, test } from 'vitest';
import { openHeaders } from '../../src/compose/wire/headers.ts';
import { joinedEncoded, joinedPlain } from '../../src/compose/wire/join.ts';
import { layOutNewsletter } from '../../src/compose/newsletter/newsletter-layout.ts';
import { openFragmentCache, type FragmentCache } from '../../src/compose/newsletter/fragment-cache.ts';
import { loadTemplates } from '../../src/compose/render.ts';
import type { ChosenPaper, NewsletterInput } from '../../src/model/newsletter.ts';
import { KEYS, mailConfig } from '../world/installation.ts';
import { sampleInput, sampleWeekly } from '../world/newsletters.ts';
import { samplePaper } from '../world/papers.ts';

/**
 * What is kept for the next reader must never reach one who gets something else: whatever came before, a newsletter is
 * the same.
 */

const config = mailConfig();
const templates = await loadTemplates('newsletter');
const [key] = KEYS.link;
const papers = [1, 2, 3, 4, 5, 6].map((number) => samplePaper(number));

/** Changes each paper that a match brought, all under other matches. */
function rematched(change: (paper: ChosenPaper, match: NonNullable<ChosenPaper['match']>) => object): ChosenPaper[] {
  return papers.map((paper) => (paper.match ? { ...paper, ...change(paper, paper.match) } : paper));
}

const matchedBy = (text: string, apart: number) =>
  rematched((_, match) => ({
    match: { ...match, id: match.id + apart, reasons: [{ kind: 'phrase', text, where: 'abstract' }] },
  }));
const relisted = papers.map((paper, index) => ({ ...paper, entry: { ...samplePaper(index + 30).entry } }));
const cameOut =
  'Our model needs 40\\% less memory than the one before it, on each of the eleven rivers where sensors were placed, in every season of every year, and is never slower than it was.';
const long = Array.from({ length: 40 }, (_, index) => {
  const plain = samplePaper(index + 301);
  return { ...plain, entry: { ...plain.entry, abstract: plain.entry.abstract.replace(/Our model .* it\./, cameOut) } };
});

/** Inputs that differ in one thing each from one another, in both languages. */
const inputs: NewsletterInput[] = ['en', 'de'].flatMap((language) =>
  [
    sampleInput(6),
    sampleInput(6, { papers: matchedBy('sensors', 1_000) }),
    sampleInput(6, { papers: matchedBy('less memory', 2_000) }),
    sampleInput(6, { papers: papers.map((paper) => ({ ...paper, upvotes: (paper.upvotes ?? 0) + 7 })) }),
    sampleInput(6, { papers: rematched((_, match) => ({ upvotes: 99, match: { ...match, id: match.id + 3_000 } })) }),
    sampleInput(6, { papers: rematched((_, match) => ({ comments: 98, match: { ...match, id: match.id + 4_000 } })) }),
    sampleInput(6, { papers: relisted }),
    sampleInput(6, { papers: papers.map((paper) => ({ ...paper, reaction: likes('Tide tables') })) }),
    sampleInput(6, { papers: papers.map((paper) => ({ ...paper, reaction: likes('Bee dances') })) }),
    sampleInput(6, {
      papers: matchedBy('sensors', 1_000).map((paper) => ({ ...paper, reaction: likes('Bee dances') })),
    }),
    sampleInput(6, { papers: papers.toSpliced(1, 1).concat(papers[1]!) }),
    sampleInput(6, { consideredCount: 49 }),
    sampleInput(6, { moreCount: 4 }),
    sampleInput(6, { perhaps: [samplePaper(41)] }),
    sampleInput(6, { dayLine: { kind: 'discussed', params: { title: 'Bees', comments: 31 } } }),
    sampleInput(6, {
      perhaps: [samplePaper(42)],
      dayLine: { kind: 'discussed', params: { title: 'Tides', comments: 31 } },
    }),
    sampleInput(6, {
      papers: rematched((_, match) => ({ match: { ...match, id: match.id + 5_000, interestText: 'Harbours' } })),
    }),
    ...['STATE spaces', 'State "Spaces" -Sea'].map((wording) =>
      sampleInput(6, {
        papers: rematched((_, match) => ({ match: { ...match, interestKind: 'words' as const, wording } })),
        perhaps: [withWording(samplePaper(41), wording)],
      }),
    ),
    sampleInput(6, { papers: papers.map((paper) => ({ ...paper, match: null })) }),
    sampleInput(6, { issuedOn: '2026-01-01', editionKey: 'daily:2026-01-01' }),
    sampleInput(6, { trending: [samplePaper(104).entry] }),
    sampleInput(40, { papers: long }),
    sampleInput(5),
    sampleWeekly(6),
    sampleWeekly(6, { issuedOn: '2026-01-02' }),
    sampleWeekly(40, { papers: long }),
  ].map((input) => ({ ...input, language })),
);

function withWording(paper: ChosenPaper, wording: string): ChosenPaper {
  return { ...paper, match: paper.match && { ...paper.match, interestKind: 'words', wording } };
}

function likes(text: string): NonNullable<ChosenPaper['reaction']> {
  return { kind: 'reaction', text, where: 'title' };
}

/** Everything that is made of a newsletter, for its reader and for anybody. */
function made(cache: () => FragmentCache, input: NewsletterInput): string[] {
  return [key!, null].flatMap((reader) => {
    const { subject, html, text } = layOutNewsletter(cache(), input, reader);
    const encoded = [html, text].map((part) => {
      const { octets, write } = joinedEncoded(part);
      const memory = Buffer.alloc(octets);
      write(memory, 0);
      return memory.toString('latin1');
    });
    return [subject, joinedPlain(html), joinedPlain(text), ...encoded];
  });
}

/** The same list in another order each time, with every input next to many others. */
const orders = [1, 5, 7, 11].map((step) => inputs.map((_, at) => (at * step) % inputs.length));

test('when newsletters are composed in any order, then each is what it would be had there been none before', () => {
  const alone = inputs.map((input) => made(() => openFragmentCache(config, templates), input));
  expect(new Set(alone.map((parts) => parts.join())).size).toBe(inputs.length); // the inputs do differ
  for (const order of [...orders, ...orders.map((order) => order.toReversed())]) {
    const kept = openFragmentCache(config, templates);
    for (const at of [...order, ...order]) expect(made(() => kept, inputs[at]!)).toEqual(alone[at]);
  }
}, 180_000);

test('when papers are too long for the mail, then the lead and the cards fall back to a sentence', () => {
  const cache = openFragmentCache(config, templates);
  const title = '<&">'.repeat(43); // four to six octets each in HTML
  const many = Array.from({ length: 50 }, (_, index) => samplePaper(index + 401, index > 2 ? { title } : {}));
  const lengths = (papers: ChosenPaper[]) => {
    const html = joinedPlain(layOutNewsletter(cache, sampleInput(1, { papers }), key!).html);
    return [...html.matchAll(/<p dir="ltr" style="margin:8px[^>]*>(.*?)<\/p>/g)].map(
      ([, says = '']) => says.replace(/<\/?b>/g, '').length,
    );
  };
  expect(lengths(many.slice(0, 10)).map((length) => length > 205)).toEqual([true, true, true]);
  expect(lengths(many).map((length) => length > 0 && length <= 205)).toEqual([true, true, true]);
});

test('when headers are written in any order, then each mail has its own', () => {
  const url = 'https://digest.example.org/unsubscribe/x';
  const mails = ['daily:2026-01-05', 'weekly:2026-W02', 'confirmation'].flatMap((campaign) =>
    ['One', 'Zwei höher'].map((subject, index) => ({
      digits: `${index}`.padStart(32, '0'),
      email: `reader${index}@example.net`,
      subject,
      at: new Date(Date.UTC(2026, 0, 5 + index)),
      campaign,
    })),
  );
  const written = (headers: ReturnType<typeof openHeaders>) =>
    mails.map((mail) => [headers.newsletter(mail, url), headers.notice(mail)]);
  const alone = mails.map((mail) => [openHeaders(config).newsletter(mail, url), openHeaders(config).notice(mail)]);
  expect(new Set(alone.flat()).size).toBe(mails.length * 2);
  const kept = openHeaders(config);
  for (let round = 0; round < 2; round++) expect(written(kept)).toEqual(alone);
  for (const [index, { campaign }] of mails.entries())
    expect(alone[index]).toEqual(
      ['newsletter', 'notice'].map((kind): unknown =>
        expect.stringContaining(`\r\nFeedback-ID: ${campaign.replace(':', '.')}:${kind}:`),
      ),
    );
});

test('when two matches that were not stored have the same hash, then each paper keeps its own reasons', () => {
  const cache = openFragmentCache(config, templates);
  const wordsFor = (number: number, interestText: string) => {
    const paper = samplePaper(number);
    const match = { ...samplePaper(1).match!, id: -77, interestKind: 'words' as const, interestText };
    return joinedPlain(layOutNewsletter(cache, sampleInput(1, { papers: [{ ...paper, match }] }), key!).text);
  };
  expect(wordsFor(301, 'coral reefs')).toContain('For coral reefs');
  expect(wordsFor(302, 'tides')).toContain('For tides');
});
