import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import { z } from 'zod';
import { conceptsFileOf } from '../config.ts';
import { AppError, messageOf } from '../lib/errors.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { createMatcher, type MatchInterest, type PaperMatch } from '../match/matcher.ts';
import { showsAuthors } from '../match/named.ts';
import { topicsOf } from '../match/concepts/read-concepts.ts';
import { MAX_TEXT } from '../match/query.ts';
import { CAPS, cutText } from '../model/caps.ts';
import { organizationOf, type PaperText } from '../model/paper.ts';
import type { Topic } from '../model/topic.ts';
import { onlyShows } from './exit.ts';
import { readLikeInterest } from './like-interest.ts';
import { startProgress } from './progress.ts';
import { printJson, wholeNumberOption } from './support.ts';

interface Options {
  papers: string;
  interests: string;
  top?: number;
  minScore?: number;
  json?: boolean;
}

/** Ranks papers for interests from two files; needs no database. */
export function matchCommand(): Command {
  return new Command('match')
    .requiredOption('--papers <file>', 'papers: {"id","title","abstract","authors"?,"organization"?} a line')
    .requiredOption(
      '--interests <file>',
      'interests: {"id","text","kind"?: words|author|organization|topic|like|mute} a line',
    )
    .option('--top <n>', 'at most so many papers for each interest', wholeNumberOption(1))
    .option(
      '--min-score <score>',
      'leave out what scores lower (0 to 1; by default everything over 0 is printed)',
      scoreOption,
    )
    .option('--json', 'one object a line')
    .addHelpText(
      'after',
      '\nA mute is an interest too: papers that hold its words as they stand are left out for every other interest in the file,\nwhatever they score; it prints no papers of its own, and stderr says which papers it hid.',
    )
    .action((options: Options) => matchFiles(options));
}

async function matchFiles(options: Options): Promise<void> {
  onlyShows();
  const interests = await readLines(options.interests, interestLine);
  const papers = await readLines(options.papers, paperLine);
  const knowledge = loadKnowledge(conceptsFileOf());
  const topics = topicsOf([...knowledge.lexicon.concepts]);
  const asked = interests
    .filter((interest) => interest.kind !== 'mute')
    .map((interest) => toInterest(interest, topics, papers));
  const matcher = createMatcher(papers, { knowledge });
  if (asked.some(({ kind }) => kind === 'author') && papers.length > 0 && !showsAuthors(papers)) {
    warn('no paper names its authors here, so an author interest cannot match');
  }
  const hidden = new Set<PaperText>();
  for (const mute of interests.filter(({ kind }) => kind === 'mute')) {
    const hits = matcher.muted(cutText(mute.text, MAX_TEXT));
    for (const { paper } of hits) hidden.add(paper);
    warn(
      `mute ${mute.id} «${shorten(mute.text)}» hides ${hits.length} papers: ${shorten(hits.map(({ paper }) => paper.id).join(', '))}`,
    );
  }
  const progress = startProgress('match');
  for (const [at, interest] of asked.entries()) {
    const matches = matcher.match(interest, {
      ...(options.top === undefined ? {} : { top: options.top }),
      ...(options.minScore === undefined ? {} : { minScore: options.minScore }),
      only: (paper) => !hidden.has(paper),
    });
    for (const [place, match] of matches.entries()) await print(interest, place + 1, match, options.json ?? false);
    progress.update(at + 1, asked.length);
  }
  progress.stop();
}

const identifier = z.union([z.string(), z.number()]);
const paperLine = z
  .object({
    id: identifier,
    title: z.string(),
    abstract: z.string().nullish(),
    authors: z.array(z.string()).nullish(),
    organization: z.union([z.string(), z.object({ slug: z.string().nullish(), name: z.string().nullish() })]).nullish(),
  })
  .transform(({ id, title, abstract, authors, organization }): PaperText => {
    const text = (field: string, given: string, max: number) => {
      if (given.length > max)
        warn(`paper ${id}: ${field} of ${given.length} characters; only the first ${max} are looked at`);
      return cutText(given, max);
    };
    const { slug, name } = typeof organization === 'string' ? { slug: organization, name: null } : (organization ?? {});
    const cutName = (given: string | null | undefined) => given && text('organization', given, CAPS.name);
    if (authors && authors.length > CAPS.authors)
      warn(`paper ${id}: ${authors.length} authors; only the first ${CAPS.authors} are looked at`);
    return {
      id,
      title: text('title', title, CAPS.title),
      abstract: text('abstract', abstract ?? '', CAPS.abstract),
      authors: authors?.slice(0, CAPS.authors).map((name) => cutText(name, CAPS.name)) ?? null,
      organization: organizationOf(cutName(slug), cutName(name)),
    };
  });
const interestLine = z.object({
  id: identifier,
  text: z.string(),
  kind: z.enum(['words', 'author', 'organization', 'topic', 'like', 'mute']).default('words'),
});
type InterestLine = z.output<typeof interestLine>;

/** Reads JSON lines; throws AppError bad-input that names file, line and what was expected. */
async function readLines<T>(path: string, schema: z.ZodType<T>): Promise<T[]> {
  const rows: T[] = [];
  let number = 0;
  try {
    for await (const line of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
      number++;
      const text = line.replace(/^\uFEFF/, '').trim();
      if (text === '') continue;
      const parsed = schema.safeParse(JSON.parse(text));
      if (parsed.success) rows.push(parsed.data);
      else throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
    }
  } catch (error) {
    throw new AppError('bad-input', `${path}${number > 0 ? `, line ${number}` : ''}: ${messageOf(error)}`);
  }
  return rows;
}

function likeInterest(id: InterestLine['id'], text: string, papers: readonly PaperText[]): MatchInterest {
  const { like, problems } = readLikeInterest(text, papers);
  for (const problem of problems) warn(`interest ${id}: ${problem}`);
  return { id, kind: 'like', text, like };
}

function toInterest(
  { id, text, kind }: InterestLine,
  topics: readonly Topic[],
  papers: readonly PaperText[],
): MatchInterest {
  if (kind === 'like') return likeInterest(id, text, papers);
  if (kind !== 'topic') {
    if (!/[\p{L}\p{N}]/u.test(text))
      warn(`interest ${id} «${shorten(text)}» holds no word to look for; it matches nothing`);
    else if (text.length > MAX_TEXT)
      warn(`interest ${id} is ${text.length} characters long; only its first words are looked at`);
    return { id, text: cutText(text, MAX_TEXT), kind: kind === 'mute' ? 'words' : kind };
  }
  const wanted = text.trim().toLowerCase();
  const topic = topics.find(({ slug, name }) => slug === wanted || name.toLowerCase() === wanted);
  if (!topic)
    throw new AppError('bad-input', `interest ${id}: no topic «${shorten(text)}»; \`offprint topics list\` names them`);
  return { id, text: topic.slug, kind };
}

async function print(
  interest: MatchInterest,
  rank: number,
  { paper, score, reasons }: PaperMatch,
  json: boolean,
): Promise<void> {
  if (json) {
    const told = reasons.map(({ kind, text, where, of }) => ({ kind, text, where, of }));
    printJson({ interest: interest.id, paper: paper.id, rank, score, reasons: told });
  } else {
    if (rank === 1) process.stdout.write(`\n${interest.id}  ${shorten(interest.text)}\n`);
    const why = reasons.map(({ kind, text, where }) => `${kind} «${text}» in ${where}`).join(' · ');
    process.stdout.write(`${String(rank).padStart(4)}  ${score.toFixed(3)}  ${shorten(paper.title)}\n      ${why}\n`);
  }
  if (process.stdout.writableNeedDrain) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

function scoreOption(text: string): number {
  const score = Number(text);
  if (text.trim() === '' || !(score >= 0 && score <= 1))
    throw new AppError('bad-input', `--min-score ${text}: expected a number from 0 to 1`);
  return score;
}

function shorten(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}

function warn(message: string): void {
  process.stderr.write(`${message}\n`);
}
