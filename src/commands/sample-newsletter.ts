import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { domainOf } from '../compose/wire/headers.ts';
import { newestDigestOn } from '../db/digests/digests.ts';
import { listCandidateEntries } from '../db/digests/entries.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError } from '../lib/errors.ts';
import { DEFAULT_LANGUAGE } from '../lib/strings.ts';
import { addDays } from '../lib/time.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { createMatcher, type Matcher } from '../match/matcher.ts';
import type { CandidateEntry } from '../model/digest.ts';
import type { Wish } from '../model/interest.ts';
import { MIN_MATCH_SCORE } from '../model/match.ts';
import { TEMPLATE_VERSION, type ChosenPaper, type NewsletterInput } from '../model/newsletter.ts';
import type { Topic } from '../model/topic.ts';
import { createChooser, type Candidate } from '../plan/choose-papers.ts';
import type { PostedMatch } from '../plan/postings.ts';

/** Subject of the tokens in a preview: their pages show a sample and change nothing. */
export const PREVIEW_SUBJECT = 'preview';

/** Hour of the slot, UTC, where a day is given. */
const HOUR = 8;

/**
 * Makes the newsletter that a new reader with these wishes would get: matched, chosen and worded by the same code, nothing stored.
 * Draws on the newest accepted digest (not after `on`), then on the content window before it. Throws AppError where nothing fits.
 */
export async function sampleNewsletter(ctx: Context, wishes: readonly Wish[], on?: string): Promise<NewsletterInput> {
  const topics = await listTopics(ctx.db);
  checkTopics(wishes, topics);
  const newest = await newestDay(ctx, on);
  for (const from of [newest, addDays(newest, -ctx.config.CONTENT_DAYS)]) {
    const entries = await listCandidateEntries(ctx.db, { from, to: newest });
    const sample = chooseSample(entries, wishes, topics, { slotOn: newest, maxPapers: ctx.config.MAX_PAPERS });
    if (sample) return toInput(ctx, sample, newest, on);
  }
  throw new AppError(
    'not-found',
    `No paper of the ${ctx.config.CONTENT_DAYS} days to ${newest} fits these interests: try wider words.`,
  );
}

type Sample = Pick<NewsletterInput, 'papers' | 'trending' | 'consideredCount' | 'moreCount'>;

function chooseSample(
  entries: readonly CandidateEntry[],
  wishes: readonly Wish[],
  topics: readonly Topic[],
  { slotOn, maxPapers }: { slotOn: string; maxPapers: number },
): Sample | null {
  const texts = entries.map((entry) => ({
    id: entry.paperId,
    title: entry.title,
    abstract: entry.abstract,
    authors: entry.authors.length > 0 ? entry.authors : null,
    organization: entry.organization ? `${entry.organization.slug} ${entry.organization.name}` : null,
  }));
  const matcher = createMatcher(texts, { knowledge: loadKnowledge(), topics });
  const found = matchWishes(matcher, wishes, topics);
  const chooser = createChooser(
    entries.map((entry): Candidate => ({ ...entry, entryId: entry.id })),
    found.posted,
    slotOn,
  );
  const interests = wishes.map((wish, index) => (wish.muted ? -(index + 1) : index + 1));
  const choice = chooser.choose({ interests, maxPapers, shown: [], lastNewsletterMs: null });
  if (!choice || choice.count === 0) return null;
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  const entryAt = (index: number) => byId.get(chooser.candidates[index]?.entryId ?? 0) as CandidateEntry;
  return {
    papers: Array.from(choice.papers.subarray(0, choice.count), (index, place): ChosenPaper => {
      const entry = entryAt(index);
      const match = found.matches.get(choice.matchIds[place] ?? 0) ?? null;
      return { entry, upvotes: entry.upvotes, comments: entry.comments, match };
    }),
    trending: Array.from(choice.trending.subarray(0, choice.trendingCount), entryAt),
    consideredCount: choice.consideredCount,
    moreCount: choice.moreCount,
  };
}

/** Matches each wish; ids count from 1 in the order of the wishes, as interests and matches have them in the database. */
function matchWishes(
  matcher: Matcher,
  wishes: readonly Wish[],
  topics: readonly Topic[],
): { posted: PostedMatch[]; matches: Map<number, NonNullable<ChosenPaper['match']>> } {
  const posted: PostedMatch[] = [];
  const matches = new Map<number, NonNullable<ChosenPaper['match']>>();
  for (const [index, { kind, text, muted }] of wishes.entries()) {
    const interestId = index + 1;
    if (muted) {
      for (const { paper } of matcher.muted(text)) {
        posted.push({ id: posted.length + 1, interestId, paperId: Number(paper.id), score: 1, literal: true });
      }
      continue;
    }
    const interestText = kind === 'topic' ? (topics.find(({ slug }) => slug === text)?.name ?? text) : text;
    for (const { paper, score, reasons } of matcher.match(
      { id: interestId, kind, text },
      { minScore: MIN_MATCH_SCORE },
    )) {
      const id = posted.length + 1;
      posted.push({ id, interestId, paperId: Number(paper.id), score, literal: true });
      matches.set(id, { id, interestId, interestKind: kind, interestText, score, reasons });
    }
  }
  return { posted, matches };
}

function toInput(ctx: Context, sample: Sample, digestOn: string, on: string | undefined): NewsletterInput {
  const now = ctx.now();
  const slot = on ? new Date(`${on}T${String(HOUR).padStart(2, '0')}:00:00Z`) : now;
  const issuedOn = on ?? now.toISOString().slice(0, 10);
  const parts = [issuedOn, ...sample.papers.map(({ entry, match }) => `${entry.id} ${match?.interestText ?? ''}`)];
  return {
    ...sample,
    deliveryPublicId: createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32),
    newsletterPublicId: PREVIEW_SUBJECT,
    subscriberPublicId: PREVIEW_SUBJECT,
    email: `preview@${domainOf(ctx.config.MAIL_FROM.address)}`,
    language: DEFAULT_LANGUAGE,
    generation: 1,
    keyId: ctx.keys.link[0]?.id ?? 0,
    editionKey: `daily:${issuedOn}`,
    issuedOn,
    // A Date header never lies in the future.
    at: slot < now ? slot : now,
    digestOn,
    templateVersion: TEMPLATE_VERSION,
  };
}

async function newestDay(ctx: Context, on: string | undefined): Promise<string> {
  const newest = await newestDigestOn(ctx.db);
  if (newest !== null && (on === undefined || newest <= on)) return newest;
  const earlier =
    newest === null || on === undefined ? [] : await listCandidateEntries(ctx.db, { from: '1990-01-01', to: on });
  const day = earlier
    .map(({ digestOn }) => digestOn)
    .sort()
    .at(-1);
  if (day !== undefined) return day;
  throw new AppError(
    'not-found',
    `No accepted digest${on ? ` on or before ${on}` : ''}: take some in with «offprint ingest» or «offprint run ingest».`,
  );
}

function checkTopics(wishes: readonly Wish[], topics: readonly Topic[]): void {
  const unknown = wishes.filter(({ kind, text }) => kind === 'topic' && !topics.some(({ slug }) => slug === text));
  if (unknown.length === 0) return;
  const names = unknown.map(({ text }) => `«${text}»`).join(', ');
  throw new AppError('bad-input', `--topic ${names}: no such topic; expected a slug of «offprint topics list»`);
}
