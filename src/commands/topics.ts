import { Command } from 'commander';
import { loadWindowPapers } from '../db/interests/matches.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError } from '../lib/errors.ts';
import { addDays } from '../lib/time.ts';
import { checkTopics, ENOUGH_FOR_NONE } from '../match/check-topics.ts';
import { openKnowledge } from '../match/knowledge.ts';
import { CONCEPT_FILES, readConceptFiles } from '../match/concepts/read-concepts.ts';
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
      'check the files of topics and concepts: shape, names that two have, circles, words that no paper uses, topics that match nothing or everything of the last 30 days',
    )
    .argument('[files...]', 'files of topics and concepts, read as one', CONCEPT_FILES)
    .option('--json', 'one object a line')
    .action((files: string[], { json = false }: { json?: boolean }) => checkFiles(files, json));
  return command;
}

async function checkFiles(files: readonly string[], json: boolean): Promise<void> {
  const concepts = await readConceptFiles(files);
  await withContext(async (ctx) => {
    const papers = await loadWindowPapers(ctx.db, addDays(ctx.now().toISOString().slice(0, 10), -CHECKED_DAYS));
    const rows = checkTopics(papers, openKnowledge(concepts));
    if (json) for (const row of rows) printJson(row);
    else
      printTable(
        rows.map(({ slug, papers, verdict }) => ({ slug, papers, verdict })),
        'No topics.',
      );
    const note = (line: string) => process.stderr.write(`${line}\n`);
    note(`${rows.length} topics are well formed. Papers of the last ${CHECKED_DAYS} days: ${papers.length}.`);
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
