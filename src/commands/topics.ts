import { Command } from 'commander';
import { loadWindowPapers } from '../db/interests/matches.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError } from '../lib/errors.ts';
import { addDays } from '../lib/time.ts';
import { checkTopics, ENOUGH_FOR_NONE } from '../match/check-topics.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { CONCEPTS_FILE, readConceptsFile } from '../match/concepts.ts';
import { TOPICS_FILE } from '../match/own-topics.ts';
import { readTopicsFile } from '../match/profiles.ts';
import { printJson, printTable, withContext } from './support.ts';

/** Days of papers that `topics check` looks at. */
const CHECKED_DAYS = 30;

/** Lists and checks the curated topics. */
export function topicsCommand(): Command {
  const command = new Command('topics');
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
      'check the files of topics and concepts: shape, duplicates, empty profiles, words that no paper uses, topics that match nothing or everything of the last 30 days',
    )
    .argument('[file]', 'the file of topics', TOPICS_FILE)
    .option('--concepts <file>', 'the file of concepts: names, terms, which contains which', CONCEPTS_FILE)
    .option('--json', 'one object a line')
    .action((file: string, { concepts, json = false }: { concepts: string; json?: boolean }) =>
      checkFiles(file, concepts, json),
    );
  return command;
}

async function checkFiles(file: string, conceptsFile: string, json: boolean): Promise<void> {
  const topics = await readTopicsFile(file);
  const concepts = await readConceptsFile(conceptsFile);
  await withContext(async (ctx) => {
    const papers = await loadWindowPapers(ctx.db, addDays(ctx.now().toISOString().slice(0, 10), -CHECKED_DAYS));
    const rows = checkTopics(papers, { knowledge: loadKnowledge(), topics });
    if (json) for (const row of rows) printJson(row);
    else
      printTable(
        rows.map(({ slug, papers, verdict }) => ({ slug, papers, verdict })),
        'No topics.',
      );
    const note = (line: string) => process.stderr.write(`${line}\n`);
    note(`${topics.length} topics are well formed. Papers of the last ${CHECKED_DAYS} days: ${papers.length}.`);
    const terms = concepts.reduce((sum, concept) => sum + concept.terms.length, 0);
    note(`${concepts.length} concepts with ${terms} terms are well formed.`);
    const quiet = rows.filter(({ verdict }) => verdict === 'nothing so far').map(({ slug }) => slug);
    if (quiet.length > 0)
      note(`No paper yet for ${quiet.join(', ')}; that is a fault only among ${ENOUGH_FOR_NONE} papers or more.`);
    const faults = rows.filter(({ fault }) => fault);
    if (faults.length > 0)
      throw new AppError('bad-input', faults.map(({ slug, verdict }) => `${slug}: ${verdict}`).join('; '));
  });
}
