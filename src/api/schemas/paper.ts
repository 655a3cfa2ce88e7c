import { z } from 'zod';
import type { DigestPage, DigestSummary } from '../../db/digests/digests.ts';
import type { PaperPage } from '../../db/digests/paper-page.ts';
import type { Entry } from '../../model/digest.ts';
import type { Topic } from '../../model/topic.ts';
import { day, instant } from './common.ts';
import { answer, pageOf } from './named.ts';

/** What a digest may be. */
export const DIGEST_STATES = ['accepted', 'held', 'released', 'discarded'] as const;

/** A source, as the settings name it. */
export const sourceName = z.string().regex(/^[\w.-]{1,100}$/);

const VERDICTS = ['fresh', 'quiet', 'stale', 'partial', 'broken'] as const;

const organization = z.object({ slug: z.string(), name: z.string() }).nullable();

/** A paper as a digest listed it. */
export const entry = answer(
  'Entry',
  z.object({
    paper: z.string().describe('Id of the paper'),
    source: z.string(),
    digestOn: day,
    position: z.int(),
    title: z.string(),
    abstract: z.string(),
    authors: z.array(z.string()),
    authorCount: z.int().nullable(),
    organization,
    publishedOn: day.nullable(),
    upvotes: z.int().nullable(),
    comments: z.int().nullable(),
    url: z.string().nullable(),
    codeUrl: z.string().nullable(),
    stars: z.int().nullable(),
    discussionUrl: z.string().nullable(),
  }),
);

/** A digest in short, as API and `digests list --json` tell of one. */
export const digest = answer(
  'Digest',
  z.object({
    id: z.int(),
    source: z.string(),
    digestOn: day,
    verdict: z.enum(VERDICTS),
    kind: z.string().nullable().describe('What was seen in it, for machines'),
    reasons: z.array(z.string()).describe('Why it looks as it does'),
    state: z.enum(DIGEST_STATES),
    arrivedAt: instant,
    entries: z.int(),
    warnings: z.int(),
  }),
);

const warning = z.object({ position: z.int().nullable(), field: z.string(), problem: z.string() });

/** A digest with what it lists. */
export const digestWithEntries = answer(
  'DigestWithEntries',
  z.object({ ...digest.shape, list: z.array(entry), problems: z.array(warning) }),
);

/** A page of digests. */
export const digestPage = pageOf('DigestPage', digest);

/** A paper with every list it stood in. */
export const paper = answer(
  'Paper',
  z.object({
    id: z.string(),
    title: z.string(),
    abstract: z.string(),
    authors: z.array(z.string()),
    authorCount: z.int().nullable(),
    organization,
    publishedOn: day.nullable(),
    arxivId: z.string().nullable(),
    url: z.string().nullable(),
    listings: z.array(entry).describe('Newest first'),
  }),
);

/** A page of papers, each as it was listed last. */
export const entryPage = pageOf('PaperPage', entry);

/** A topic on offer, as API and `topics list --json` tell of one. */
export const topic = answer(
  'Topic',
  z.object({
    slug: z.string(),
    name: z.string(),
    field: z.string(),
    description: z.string(),
    arxivCategories: z.array(z.string()),
  }),
);

/** All topics: there are some tens. */
export const topicList = pageOf('TopicPage', topic);

/** Tells of a digest in short. */
export function digestView({ entryCount, warningCount, ...row }: DigestSummary): z.output<typeof digest> {
  const { id, source, digestOn, verdict, kind, reasons, state, arrivedAt } = row;
  const told = { id, source, digestOn, verdict, kind, reasons, state, arrivedAt: arrivedAt.toISOString() };
  return { ...told, entries: entryCount, warnings: warningCount };
}

/** Tells of a digest with what it lists. */
export function digestWithEntriesView(page: DigestPage): z.output<typeof digestWithEntries> {
  const problems = page.warnings.map(({ position, field, problem }) => ({ position, field, problem }));
  return { ...digestView(page), list: page.entries.map(entryView), problems };
}

/** Tells of a paper as a digest listed it. */
export function entryView(row: Entry): z.output<typeof entry> {
  const { paperPublicId, source, digestOn, position, title, abstract, authors, authorCount, organization } = row;
  const { publishedOn, upvotes, comments, url, codeUrl, stars = null, discussionUrl } = row;
  return {
    ...{ paper: paperPublicId, source, digestOn, position, title, abstract, authors, authorCount, organization },
    ...{ publishedOn, upvotes, comments, url, codeUrl, stars, discussionUrl },
  };
}

/** Tells of a paper. */
export function paperView(page: PaperPage): z.output<typeof paper> {
  const { publicId, title, abstract, authors, authorCount, organization, publishedOn, arxivId, url, listings } = page;
  const told = { title, abstract, authors, authorCount, organization, publishedOn, arxivId, url };
  return { id: publicId, ...told, listings: listings.map(entryView) };
}

/** Tells of a topic. */
export function topicView({ slug, name, field, description, arxivCategories }: Topic): z.output<typeof topic> {
  return { slug, name, field, description, arxivCategories };
}
