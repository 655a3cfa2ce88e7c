import { Command } from 'commander';
import { conceptsFileOf } from '../config.ts';
import { loadWindowPapers } from '../db/interests/matches.ts';
import { listTopics } from '../db/interests/topics.ts';
import { AppError } from '../lib/errors.ts';
import { addDays } from '../lib/time.ts';
import { checkTopics, ENOUGH_FOR_NONE } from '../match/check-topics.ts';
import { openKnowledge } from '../match/knowledge.ts';
import { readFileConcepts, withOwn } from '../match/concepts/own-concepts.ts';
import { readConceptFiles } from '../match/concepts/read-concepts.ts';
import type { Concept } from '../model/concept.ts';
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
    .argument(
      '[files...]',
      'files of topics and concepts, read as one; by default those in use, CONCEPTS_FILE among them',
    )
    .option('--json', 'one object a line')
    .action((files: string[], { json = false }: { json?: boolean }) => checkFiles(files, json));
  return command;
}

/** What is in use: the concepts that come with the program, and the operator's own in their place or beside them. */
async function readConceptsInUse(): Promise<Concept[]> {
  const shipped = await readConceptFiles();
  const file = conceptsFileOf();
  return file === undefined ? shipped : withOwn(shipped, readFileConcepts(file).concepts, file);
}

async function checkFiles(files: readonly string[], json: boolean): Promise<void> {
  const concepts = files.length > 0 ? await readConceptFiles(files) : await readConceptsInUse();
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
