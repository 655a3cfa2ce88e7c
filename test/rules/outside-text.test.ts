import { describe, expect, test } from 'vitest';
import { boldMatched } from '../../src/compose/text/bold-matched.ts';
import { cleanText, shorten } from '../../src/compose/text/clean-text.ts';
import { excerptOf } from '../../src/compose/text/excerpt.ts';
import { findingsOf } from '../../src/compose/text/findings/findings.ts';
import { saidOf } from '../../src/compose/text/findings/said.ts';
import { sentencesOf } from '../../src/compose/text/sentences.ts';
import { repairCapture, spaceSentences } from '../../src/compose/text/capture-residue.ts';
import { folded, headerText } from '../../src/compose/wire/encoded-words.ts';
import { latexToText } from '../../src/compose/text/latex-to-text.ts';
import { htmlOf, plainOf } from '../../src/compose/text/marked-text.ts';
import { safeUrl } from '../../src/compose/text/safe-url.ts';
import { classifyReply, replyLine } from '../../src/deliver/sending/classify-reply.ts';
import { statusesOf } from '../../src/feedback/delivery-status.ts';
import { namedRecipients } from '../../src/feedback/named-recipients.ts';
import { ownLines } from '../../src/feedback/own-words.ts';
import { wordsAbout } from '../../src/feedback/text-report.ts';
import { parseCapture } from '../../src/ingest/parse-capture.ts';
import { robotsAllow } from '../../src/ingest/asking/robots.ts';
import { listInHtml } from '../../src/ingest/sources/page-html.ts';
import { fullDateIn } from '../../src/ingest/sources/list-day.ts';
import { squeeze, toLines } from '../../src/ingest/sources/plain-text.ts';
import { AppError } from '../../src/lib/errors.ts';
import { chooseLanguage } from '../../src/lib/strings.ts';
import { sameOrganization } from '../../src/match/affiliations.ts';
import { definitionsIn } from '../../src/match/equivalents.ts';
import { loadKnowledge } from '../../src/match/knowledge.ts';
import { createMatcher } from '../../src/match/matcher.ts';
import { readName } from '../../src/match/names.ts';
import { readQuery } from '../../src/match/query.ts';
import { tokenize } from '../../src/match/tokens.ts';
import { canonicalAddress } from '../../src/model/address.ts';
import { interestKey, parseWords } from '../../src/model/interest.ts';
import { titleKey } from '../../src/model/paper.ts';
import { judgeReply } from '../../src/replies/judge-reply.ts';
import { checkRow } from '../../src/subscribers/csv/rows.ts';
import { checkSignUp } from '../../src/subscribers/sign-up.ts';
import * as wishLines from '../../src/model/wish-lines.ts';
import { storable } from '../../src/http/parameters.ts';
import { signUpOf, valuesOf } from '../../src/web/form-values.ts';
import { wordsToMute } from '../../src/web/words-to-mute.ts';
import { outgrows } from '../support/growth.ts';
import { pubmedAnswer } from '../world/captures.ts';
import { often } from '../support/thorough.ts';

const NOW = new Date('2026-11-20T12:00:00Z');
const SETTINGS = { topics: new Set(['agents']), maxPapers: 10 };
const CIRCUMSTANCES = { tries: 1, retryMinutes: [5], lateAt: null, onUncertain: 'hold', now: NOW } as const;
const resources = { knowledge: loadKnowledge() };
const matcher = createMatcher(
  [{ id: 1, title: 'Linear attention', abstract: 'A state space model.', authors: ['Ada Quill'], organization: null }],
  resources,
);

/** Reads a capture, whose refusal is an answer as well. */
function read(text: string): unknown {
  try {
    return parseCapture(Buffer.from(text), { name: 'capture', fetchedAt: NOW });
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}
const page = (body: string) => `Daily Papers\n\nDec 31\n\n${body}`;
const hf = (paper: object) =>
  JSON.stringify([{ paper: { id: '2512.01234', title: 'A title', summary: 'An abstract', ...paper } }]);
const rss = (item: string) =>
  `<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><pubDate>Mon, 02 Nov 2026 00:00:00 GMT</pubDate><item><title>A title</title>${item}</item></channel></rss>`;
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\u0001', ' ');

const WORK: Record<string, (text: string) => unknown> = {
  cleanText: (text) => cleanText(text, { lookedAt: Infinity }),
  shorten: (text) => shorten(text, Math.floor(text.length * 0.9)),
  'latexToText of an abstract': (text) => latexToText(text, 'abstract'),
  'latexToText of a title': (text) => latexToText(text, 'title'),
  capture_residue: (text) => spaceSentences(repairCapture(text), 'title'),
  sentences: (text) => excerptOf(sentencesOf(cleanText(text, { lookedAt: Infinity })), 0),
  'what is new': (text) => {
    const sentences = sentencesOf(cleanText(text, { lookedAt: Infinity }));
    return saidOf(sentences, findingsOf(text, sentences));
  },
  'bold terms': (text) => [boldMatched(text, ['ab', text]), boldMatched('ab a-b ab', [text])],
  'marked text': (text) => {
    const marked = latexToText(cleanText(text, { lookedAt: Infinity }));
    return [plainOf(marked), htmlOf(marked)];
  },
  'header text': (text) => folded(headerText(text), 10),
  'safe URL': (text) => safeUrl(`https://example.org/${text}`),
  'page text': (text) => read(page(text)),
  'page text with bylines': (text) => read(page(`${text}\n\n9 authors\n\n·\n\nDec 8, 2024\n\n3\n`)),
  'page Markdown': (text) => read(`Dec 31\n### [T](https://huggingface.co/papers/2512.01234)\n${text}`),
  'page Markdown title': (text) => read(`Dec 31\n### [${text}](https://huggingface.co/papers/2512.01234)\n`),
  'page HTML': (text) => read(`<html><div data-target="DailyPapers" ${text}`),
  'page HTML before the list': (text) => read(`<html>${text}`),
  'list in HTML': (text) => {
    try {
      return listInHtml(text, { name: 'x', fetchedAt: NOW });
    } catch {
      return null;
    }
  },
  'hf-json abstract': (text) => read(hf({ summary: text, submittedOnDailyAt: '2026-11-01T00:00:00Z' })),
  'hf-json fields': (text) =>
    read(
      hf({
        id: text,
        githubRepo: text,
        title: text,
        authors: [{ name: text }],
        publishedAt: text,
        submittedOnDailyAt: text,
      }),
    ),
  'hf-json annotations': (text) => read(hf({ title: 'x', ai_summary: text, ai_keywords: [text], projectPage: text })),
  'PubMed article': (text) => {
    const written = escaped(text);
    const names = `<AuthorList><Author><LastName>${written}</LastName><CollectiveName>${written}</CollectiveName></Author></AuthorList>`;
    return read(
      pubmedAnswer([
        `<ArticleTitle>${written}</ArticleTitle><Abstract><AbstractText Label="A">${written}</AbstractText></Abstract>${names}`,
      ]),
    );
  },
  'JSON that is cut': (text) => read(`[{"paper": {"title": "${text}`),
  'feed description': (text) => read(rss(`<description>${escaped(text)}</description>`)),
  'feed summary with markup': (text) => read(rss(`<description>&lt;/p>${escaped(text)}</description>`)),
  'feed names': (text) =>
    read(rss(`<dc:creator>${escaped(text)}</dc:creator><link>${escaped(text)}</link><guid>${escaped(text)}</guid>`)),
  'feed that is broken': (text) => read(`<?xml version="1.0"?><rss>${text}`),
  squeeze,
  'lines of text': (text) => toLines(text),
  'date in a name': fullDateIn,
  'robots.txt': (text) => [
    robotsAllow(text, 'Offprint', '/papers/today'),
    robotsAllow(`User-agent: *\nDisallow: /${text}`, 'Offprint', '/papers/today'),
  ],
  'title key': titleKey,
  'words of an interest': (text) => [parseWords(text), interestKey('words', text), interestKey('author', text)],
  'wish lines': (text) => {
    const { linesOf, tidy, readMuted, mutedText, joinList, splitList, looksLikeList } = wishLines;
    const lines = linesOf(text).map(tidy);
    return [mutedText(readMuted(text)), splitList(text), splitList(joinList(lines)), looksLikeList(text)];
  },
  'sign-up': (text) =>
    checkSignUp(
      { email: text, interests: [text], authors: [text], muted: [text, `topic:${text}`], topics: [text] },
      SETTINGS,
    ),
  'form values': (text) => {
    const fields = new Map(['email', 'topics', 'interests', 'authors', 'muted', 'hour'].map((name) => [name, [text]]));
    return [signUpOf(fields), valuesOf(fields, {} as never)];
  },
  'storable text': storable,
  'CSV row': (text) =>
    checkRow(
      { email: text, topics: text, interests: text, muted: text, consent_at: text, status: text, hour: text },
      1,
      SETTINGS,
      NOW,
    ),
  address: (text) => [canonicalAddress(text), canonicalAddress(`ada@${text}`), canonicalAddress(`${text}@example.org`)],
  'words of a paper': (text) => tokenize(text),
  acronyms: (text) => definitionsIn(text),
  'words to mute': (text) => wordsToMute(text),
  name: (text) => readName(text),
  organization: (text) => sameOrganization(text, 'Lakeside University') + sameOrganization('Lakeside University', text),
  query: (text) => readQuery(text),
  matching: (text) => [
    matcher.match({ id: 1, text, kind: 'words' }, {}),
    matcher.match({ id: 1, text, kind: 'author' }, {}),
    matcher.match({ id: 1, text, kind: 'organization' }, {}),
    matcher.muted(text),
  ],
  'papers to match': (text) =>
    createMatcher(
      [{ id: 1, title: text, abstract: text, authors: [text], organization: { slug: text, name: text } }],
      resources,
    ).match({ id: 1, text: 'linear attention for state space models', kind: 'words' }, {}),
  'Accept-Language': (text) => chooseLanguage(text),
  'report of a mail server': (text) => {
    const lines = ownLines(text);
    const named = namedRecipients(lines, [text], [text]);
    return [statusesOf(text), named.map(wordsAbout(lines, named))];
  },
  'reply of a mail server': (text) => [
    replyLine(text),
    judgeReply(text),
    classifyReply({ outcome: 'refused', stage: 'data', code: 550, reply: text }, CIRCUMSTANCES),
  ],
};

/** What each function is fed with, over and over. */
const UNITS = [
  ' ',
  'a',
  'A',
  '0',
  '.',
  ',',
  '-',
  '_',
  '^',
  '~',
  '*',
  '`',
  "'",
  '"',
  '\\',
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '<',
  '>',
  '&',
  '$',
  '|',
  '/',
  '#',
  '@',
  ':',
  ';',
  '\n',
  '\t',
  '\r\n',
  '\u00a0',
  '\u0301',
  'é',
  '中',
  'β',
  '\u200d',
  '\u0003',
  '\ud83d',
  '·',
  '•',
  '”',
  'a ',
  ' a',
  ', ',
  ' ,',
  '. ',
  '. A',
  'a.',
  'A.',
  'A. ',
  '\n\n',
  'a\n',
  'a\n\n',
  '·\n',
  '\n·\n',
  'Dec 8\n',
  '9 authors\n',
  'a ·',
  '\\(',
  '\\[',
  '$$',
  '$ ',
  '$a',
  '$^',
  '\\a',
  '\\a{',
  '\\a ',
  '\\it',
  '{\\it ',
  '\\textbf{',
  '\\textbf{a}',
  '\\emph{$a$',
  '\\emph{$a$}',
  '\\frac{',
  '\\frac{a}{',
  '\\frac12',
  '\\href{',
  '\\href{}{',
  '\\url{',
  '\\cite{a} ',
  '~\\cite{a}',
  '\\hat{',
  "\\'{",
  '\\"',
  '^{',
  '_{',
  'x_',
  'x^2',
  'x_\\mathrm{',
  '$x_',
  '{{',
  '{}',
  '}{',
  '``',
  "``a''",
  '**',
  '*a',
  'https://',
  'https://a\\_',
  'aPm i',
  'Aapm i',
  '1times',
  'O(',
  'times1',
  '1.1pm',
  ' ,.',
  '  ,',
  '  , ',
  'e.g. ',
  '.”',
  'a.In',
  'aaaaaaaa.The ',
  '[a](/a)',
  '[',
  '](',
  '[ GitHub',
  '![',
  '[![',
  '[!',
  '[a](https://',
  '### [a](/papers/2512.01234)\n',
  '<div ',
  '<div data-target="DailyPapers" ',
  'data-props="',
  '&amp;',
  '&#1',
  '&lt;',
  '<b>Summary:',
  '<b>Summary:</b>',
  '<p>',
  '<a ',
  '</p>',
  '<!--',
  '<![CDATA[',
  '(a',
  '((',
  '), ',
  'A (AB) ',
  'graph neural networks (GNN) ',
  '-"',
  '"a" ',
  '-a ',
  '<a>',
  'a,b;',
  'multi-',
  'multi agent ',
  'ise',
  "a's ",
  '’s',
  'C++',
  '\\;',
  ';;',
  'topic:',
  'topic : ',
  '::',
  '2025-12-3',
  '20251231',
  '\\u00',
  ',"paper"',
  'q=1;',
  'en;q=0.5,',
  '550 5.1.1 ',
  '5.1.1',
  'rate ',
  'user unknown ',
];

/** What comes behind a long run of these and is looked for at its end each time. */
const RUNS = [' ', '~', '{', '.', '['];
const BEHIND = ['\\cite{a}', '~\\cite{a}', '^2', '}', ' ,', '. A', '](/a)', '\n'];

/**
 * Texts that repeat one thing up to the end, and such as repeat one thing in their first half and another in their
 * second.
 */
const TEXTS: { name: string; textOf: (length: number) => string }[] = [
  ...UNITS.map((unit) => ({ name: unit, textOf: (length: number) => `${unit.repeat(length / unit.length)}\u0001` })),
  ...RUNS.flatMap((run) =>
    BEHIND.map((end) => ({
      name: `${run} … ${end}`,
      textOf: (length: number) => run.repeat(length / 2) + end.repeat(length / 2 / end.length),
    })),
  ),
];

/** A busy machine takes its time; what counts is that of the processor. */
const PATIENCE_MS = 300_000;

describe('work on text from outside', () => {
  test.each(Object.keys(WORK))(
    'when 64 kB of anything come to %s, then its time grows no faster than they do',
    (name) => {
      const work = WORK[name]!;
      const nth = Object.keys(WORK).indexOf(name);
      const texts = TEXTS.filter((_, at) => (at + nth) % often(1, 12) === 0);
      const slow = texts.flatMap(({ name: given, textOf }) => {
        const told = outgrows(work, textOf, 20_000);
        return told === null ? [] : [`${JSON.stringify(given)}: ${told}`];
      });
      expect(slow).toEqual([]);
    },
    PATIENCE_MS,
  );
});
