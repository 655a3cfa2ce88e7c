import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadConfig, type Config } from '../../src/config.ts';
import type { Keys } from '../../src/context.ts';
import { openComposer } from '../../src/compose/composer.ts';
import type { Entry } from '../../src/model/digest.ts';
import type { NoticeKind } from '../../src/model/mail-kind.ts';
import type { Notice } from '../../src/model/notice.ts';
import type { ChosenPaper, Composer, NewsletterInput, NoticeInput } from '../../src/model/newsletter.ts';

/** Keys of an installation that exists in tests alone. */
export const KEYS: Keys = { link: [{ id: 1, secret: Buffer.alloc(32, 7) }], suppression: Buffer.alloc(32, 9) };

export const POSTAL = '12 Harbour Street, Brightwater BW1 2AB';

/** Settings of a well-run installation. */
export function mailConfig(settings: Record<string, string> = {}): Config {
  return loadConfig({
    PUBLIC_URL: 'https://digest.example.org',
    MAIL_FROM: 'Offprint <papers@digest.example.org>',
    MAIL_REPLY_TO: 'editor@digest.example.org',
    POSTAL_ADDRESS: POSTAL,
    LIST_ID: 'papers.digest.example.org',
    BOUNCE_DOMAIN: 'bounce.digest.example.org',
    ...settings,
  });
}

/** Opens a composer on those settings. */
export function sampleComposer(settings: Record<string, string> = {}): Promise<Composer> {
  return openComposer(mailConfig(settings), KEYS);
}

const SUBJECTS = [
  'Tide tables',
  'Bridge cables',
  'Bee dances',
  'Snow loads',
  'Paper folds',
  'River ice',
  'Choir tuning',
];

/** Makes an entry; numbered, so that no two are alike. */
export function sampleEntry(number: number, change: Partial<Entry> = {}): Entry {
  const subject = SUBJECTS[number % SUBJECTS.length] ?? '';
  return {
    id: number,
    paperId: number,
    paperPublicId: `paper-${String(number).padStart(10, '0')}`,
    position: number,
    title: `${subject} ${number}: Learning to Predict What Comes Next`,
    abstract: `We study ${subject.toLowerCase()} with sensors of many kinds, placed where people had long wished to look and never could, for want of power, of shelter and of patience. Earlier work looked at one season alone, on the ground that the others would be much the same, which they are not, as everyone who lives there could have told its authors. Here, a model of state spaces follows them for ${number + 2} years. It needs 40\\% less memory than the one before it. The code is public.`,
    authors: [],
    authorCount: number % 4 === 0 ? null : (number % 7) + 1,
    organization: number % 5 === 0 ? { slug: 'harbour-lab', name: 'Harbour Lab' } : null,
    publishedOn: '2025-12-29',
    upvotes: number,
    comments: 2,
    url: number % 3 === 0 ? null : `https://arxiv.org/abs/2512.${String(10_000 + number)}`,
    codeUrl: number % 4 === 0 ? `https://github.com/example/paper-${number}` : null,
    discussionUrl: number % 2 === 0 ? `https://huggingface.co/papers/2512.${String(10_000 + number)}` : null,
    source: 'made',
    digestOn: '2025-12-31',
    ...change,
  };
}

/** Makes a chosen paper, matched by a phrase of its abstract (every fifth by trend alone). */
export function samplePaper(number: number, change: Partial<Entry> = {}): ChosenPaper {
  return {
    entry: sampleEntry(number, change),
    upvotes: number % 6 === 0 ? null : number * 3,
    comments: number % 2 === 0 ? 2 : null,
    match:
      number % 5 === 0
        ? null
        : {
            id: number,
            interestId: (number % 2) + 1,
            interestKind: number % 2 ? 'topic' : 'words',
            interestText: number % 2 ? 'Forecasting' : 'state spaces',
            score: 0.8,
            reasons: [
              { kind: 'phrase', text: 'state spaces', where: 'abstract' },
              { kind: 'title', text: 'Predict', where: 'title' },
            ],
          },
  };
}

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
  reminder: null,
  link: null,
  moving: null,
  alarm: { subject: 'A digest is held', lines: ['Two papers, expected about fifteen.'] },
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
    ...change,
  } as NoticeInput;
}

/** Makes a DKIM key of its own for a test: the settings that use it, and the record a verifier asks DNS for. */
export function dkimSetup(): {
  settings: Record<string, string>;
  second: Record<string, string>;
  resolver: (name: string) => Promise<string[][]>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-dkim-'));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder, 'rsa.pem');
  const ed25519 = generateKeyPairSync('ed25519');
  const second = join(folder, 'ed25519.pem');
  writeFileSync(second, ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(file, rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const records: Record<string, string> = {
    'r1._domainkey.digest.example.org': `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
    'e1._domainkey.digest.example.org': `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
  };
  return {
    settings: { DKIM_DOMAIN: 'digest.example.org', DKIM_SELECTOR: 'r1', DKIM_KEY_FILE: file },
    second: { DKIM_ED25519_SELECTOR: 'e1', DKIM_ED25519_KEY_FILE: second },
    resolver: (name) => {
      const record = records[name];
      if (!record) return Promise.reject(Object.assign(new Error(`no record ${name}`), { code: 'ENOTFOUND' }));
      return Promise.resolve([[record]]);
    },
  };
}
