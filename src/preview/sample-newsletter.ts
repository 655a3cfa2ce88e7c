import { createHash } from 'node:crypto';
import type { Context } from '../context.ts';
import { holdWishes } from '../db/interests/examples.ts';
import { newestDigestBeside, newestDigestOn } from '../db/digests/digests.ts';
import { listCandidateEntries } from '../db/digests/entries.ts';
import { AppError } from '../lib/errors.ts';
import { DEFAULT_LANGUAGE } from '../lib/strings.ts';
import { DEFAULT_SELECTIVITY, type Preferences } from '../model/subscriber.ts';
import { domainOf } from '../model/address.ts';
import type { Wish } from '../model/interest.ts';
import type { NewsletterInput } from '../model/newsletter.ts';
import type { Topic } from '../model/topic.ts';
import { isSampleSource } from '../samples.ts';
import { choosePreview, type PreviewChoice } from './choose-preview.ts';
import { findFor, inStoredOrder } from './find-wishes.ts';
import { readPapersTo } from './recent-papers.ts';
import { sampleInput } from './sample-input.ts';

/** How sure a paper must be where nobody says. */
const NORMAL = { selectivity: DEFAULT_SELECTIVITY, perhaps: false };

/** Hour of the slot, UTC, where a day is given. */
const HOUR = 8;

/**
 * Makes the welcome newsletter that a new reader with these wishes would get, nothing stored: of the newest accepted
 * digest (not after `on`), else of the content window to it, at their line. Throws AppError where there is no digest, a
 * topic is unknown or nothing fits.
 */
export async function sampleNewsletter(
  ctx: Context,
  wishes: readonly Wish[],
  on?: string,
  { selectivity, perhaps }: Pick<Preferences, 'selectivity' | 'perhaps'> = NORMAL,
): Promise<NewsletterInput> {
  const digestOn = await newestDay(ctx, on);
  const papers = await readPapersTo(ctx, digestOn);
  checkTopics(wishes, papers.topics);
  const reader = { maxPapers: ctx.config.MAX_PAPERS, selectivity, perhaps, language: DEFAULT_LANGUAGE };
  const findings = await findFor(papers, await holdWishes(ctx.db, inStoredOrder(wishes)), reader);
  const choice = await choosePreview(papers, findings, reader);
  if (choice) return toInput(ctx, choice, digestOn, on);
  throw new AppError(
    'not-found',
    `No paper of the ${ctx.config.CONTENT_DAYS} days to ${digestOn} fits these interests: try wider words.`,
  );
}

/** What a preview was made from. */
export interface PreviewOrigin {
  digestOn: string;
  sources: string[];
  /** Whether they are samples that come with Offprint. */
  sample: boolean;
  /** The newest list that is none of them, where samples were shown though there is one. */
  own: { day: string; source: string } | null;
}

/** Says which lists a preview was made from. */
export async function originOf(ctx: Context, { papers, trending, digestOn }: NewsletterInput): Promise<PreviewOrigin> {
  const entries = [...papers.map(({ entry }) => entry), ...trending];
  const sources = [...new Set(entries.map(({ source }) => source))].sort();
  const samples = sources.filter((source) => isSampleSource(ctx.config, source));
  const sample = samples.length > 0;
  return { digestOn, sources, sample, own: sample ? await newestDigestBeside(ctx.db, samples) : null };
}

function toInput(ctx: Context, choice: PreviewChoice, digestOn: string, on: string | undefined): NewsletterInput {
  const now = ctx.now();
  const slot = on ? new Date(`${on}T${String(HOUR).padStart(2, '0')}:00:00Z`) : now;
  const issuedOn = on ?? now.toISOString().slice(0, 10);
  const parts = [issuedOn, ...choice.papers.map(({ entry, match }) => `${entry.id} ${match?.interestText ?? ''}`)];
  return sampleInput(choice, {
    deliveryPublicId: createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 32),
    email: `preview@${domainOf(ctx.config.MAIL_FROM.address)}`,
    language: DEFAULT_LANGUAGE,
    keyId: ctx.keys.link[0]?.id ?? 0,
    issuedOn,
    digestOn,
    // A Date header never lies in the future.
    at: slot < now ? slot : now,
  });
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
