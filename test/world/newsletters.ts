import type { NoticeKind } from '../../src/model/mail-kind.ts';
import type { Notice } from '../../src/model/notice.ts';
import type { NewsletterInput, NoticeInput } from '../../src/model/newsletter.ts';
import { sampleEntry, samplePaper } from './papers.ts';

/** Makes the input of a newsletter with so many papers. */
export function sampleInput(count: number, change: Partial<NewsletterInput> = {}): NewsletterInput {
  return {
    deliveryPublicId: '5f2c0f6e-8a53-4d9e-9d64-0a4b3a4c1d2e',
    newsletterPublicId: '7a1c0f6e-8a53-4d9e-9d64-0a4b3a4c1d2e',
    subscriberPublicId: 'Abcdefgh12345678',
    email: 'ana@reader.example.net',
    language: 'en',
    generation: 1,
    keyId: 1,
    editionKey: 'daily:2025-12-31',
    issuedOn: '2025-12-31',
    at: new Date('2025-12-31T08:00:00Z'),
    papers: Array.from({ length: count }, (_, index) => samplePaper(index + 1)),
    trending: [sampleEntry(101), sampleEntry(102), sampleEntry(103)],
    consideredCount: 48,
    moreCount: 3,
    digestOn: '2025-12-31',
    templateVersion: 1,
    ...change,
  };
}

/** Makes the input of a weekly newsletter, with movers and the trend of a topic. */
export function sampleWeekly(count: number, change: Partial<NewsletterInput> = {}): NewsletterInput {
  return sampleInput(count, {
    editionKey: 'weekly:2026-W01',
    movers: [48, 31, 17].map((rise, index) => ({ entry: sampleEntry(201 + index), rise })),
    trends: [{ interestId: 2, from: '2025-12-01', days: Array.from({ length: 30 }, (_, day) => (day * 7) % 5) }],
    ...change,
  });
}

/** A payload of each kind of notice. */
export const PAYLOADS: { [K in NoticeKind]: Extract<Notice, { kind: K }>['payload'] } = {
  confirmation: null,
  reminder: { until: '2026-01-02T18:04:00.000Z', timeZone: 'Europe/Berlin' },
  link: null,
  moving: null,
  alarm: { subject: 'A digest is held', lines: ['Two papers, expected about fifteen.'] },
  sign_in: { link: 'Abcdefgh12345678' },
  new_sign_in: { browser: 'Firefox on Linux', network: '203.0.113.0/24' },
  invitation: { link: 'Abcdefgh12345678', role: 'editor', by: 'ada@example.org' },
  test: {
    sample: {
      ...{
        edition: 'daily:2025-12-31',
        issuedOn: '2025-12-31',
        entryIds: [1],
        matchIds: [0],
        upvotes: [3],
        comments: [2],
      },
      ...{ trendingIds: [], moverIds: [], moverRises: [], likedIds: null, perhapsIds: null, perhapsMatchIds: null },
      ...{ pickedIds: [1], dayLine: null, wordings: null, consideredCount: 48, moreCount: 3, editorNote: 'Read this.' },
    },
  },
};

/** Makes the input of a notice. */
export function sampleNotice(kind: NoticeKind, change: Partial<NoticeInput> = {}): NoticeInput {
  return {
    kind,
    payload: PAYLOADS[kind],
    deliveryPublicId: '9f2c0f6e-8a53-4d9e-9d64-0a4b3a4c1d2e',
    email: 'ana@reader.example.net',
    language: 'en',
    keyId: 1,
    generation: 1,
    at: new Date('2025-12-31T08:00:00Z'),
    tokenSubject: 'Abcdefgh12345678',
    ...shownBy(kind, change.language),
    ...change,
  } as NoticeInput;
}

/** The newsletter that a notice shows, as it is loaded before the notice is composed. */
export function shownBy(kind: NoticeKind, language = 'en'): Pick<NoticeInput, 'newsletter'> {
  const payload = PAYLOADS[kind];
  if (!payload || !('sample' in payload)) return {};
  const editorNote = 'Read [this](https://example.org/this).';
  return { newsletter: sampleInput(3, { language, test: true, editorNote }) };
}
