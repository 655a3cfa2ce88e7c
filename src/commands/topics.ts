import { Command } from 'commander';
import { loadWindowPapers } from '../db/matches.ts';
import { listTopics } from '../db/topics.ts';
import { AppError } from '../lib/errors.ts';
import { addDays } from '../lib/time.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { createMatcher } from '../match/matcher.ts';
import { readTopicsFile, TOPICS_FILE } from '../match/profiles.ts';
import { MIN_MATCH_SCORE } from '../model/match.ts';
import { printJson, printTable, withContext } from './support.ts';

/** Days of papers that `topics check` looks at. */
const CHECKED_DAYS = 30;

/** With fewer papers than this, a topic that matches none says nothing. */
const ENOUGH_PAPERS = 100;

/** A topic that matches more of the papers than this is no topic. */
const TOO_MANY = 0.6;

/** Lists and checks the curated topics. */
export function topicsCommand(): Command {
  const command = new Command('topics').description('list and check the curated topics');
  command
    .command('list')
    .description('list the topics on offer')
    .option('--json', 'one object a line')
    .action((options: { json?: boolean }) =>
      withContext(async (ctx) => {
        const topics = await listTopics(ctx.db);
        if (options.json) for (const topic of topics) printJson(topic);
        else
          printTable(
            topics.map(({ slug, name, field, description }) => ({ slug, name, field, description })),
            'No topics.',
          );
      }),
    );
  command
    .command('check')
    .description(
      'check a topics file: shape, duplicates, empty profiles, topics that match nothing or everything of the last 30 days',
    )
    .argument('[file]', 'the file', TOPICS_FILE)
    .option('--json', 'one object a line')
    .action((file: string, options: { json?: boolean }) => checkTopics(file, options.json ?? false));
  return command;
}

async function checkTopics(file: string, json: boolean): Promise<void> {
  const topics = await readTopicsFile(file);
  await withContext(async (ctx) => {
    const papers = await loadWindowPapers(ctx.db, addDays(ctx.now().toISOString().slice(0, 10), -CHECKED_DAYS));
    const matcher = createMatcher(papers, { knowledge: loadKnowledge(), topics });
    const rows = topics.map(({ slug }) => {
      const hits = matcher.match({ id: slug, kind: 'topic', text: slug }, { minScore: MIN_MATCH_SCORE }).length;
      return { slug, papers: hits, verdict: verdictOf(hits, papers.length) };
    });
    if (json) for (const row of rows) printJson(row);
    else printTable(rows, 'No topics.');
    const bad = rows.filter(({ verdict }) => verdict !== 'ok');
    process.stderr.write(
      `${topics.length} topics are well formed. Papers of the last ${CHECKED_DAYS} days: ${papers.length}.\n`,
    );
    if (papers.length < ENOUGH_PAPERS)
      process.stderr.write(`Too few to tell what a topic matches (from ${ENOUGH_PAPERS} on it counts).\n`);
    else if (bad.length > 0)
      throw new AppError('bad-input', `${bad.map(({ slug, verdict }) => `${slug} ${verdict}`).join('; ')}`);
  });
}

function verdictOf(hits: number, papers: number): string {
  if (papers < ENOUGH_PAPERS) return 'ok';
  if (hits === 0) return 'matches nothing';
  return hits > papers * TOO_MANY ? 'matches nearly everything' : 'ok';
}
