import { ablateDecisions } from '../match/eval/ablation.ts';
import { calibrationOf, rateDecisions, readDecisions, type DecisionFigures } from '../match/eval/decisions.ts';
import { decideUnseen, judgePairs } from '../match/eval/fit-decision.ts';
import { rateLexicons } from '../match/eval/lexicon-variants.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { LINES } from '../model/match.ts';
import { startProgress } from './progress.ts';
import { printJson, printTable } from './support.ts';

/** Prints how good decisions are at each line, and whether the probabilities given are true. */
export async function evalDecisions(file: string, json: boolean): Promise<void> {
  const set = await readDecisions(file);
  const pairs = judgePairs(set, { knowledge: loadKnowledge() });
  const unseen = decideUnseen(pairs);
  const lines = Object.entries(LINES).map(([line, at]) => ({ line, from: at, ...rateDecisions(unseen, at) }));
  const bins = calibrationOf(unseen);
  if (json) {
    for (const row of lines) printJson({ set: 'decisions', ...row });
    for (const bin of bins) printJson({ set: 'decisions', ...bin });
    return;
  }
  const concepts = new Set(pairs.filter(({ knowing }) => knowing === 'concept').map(({ interest }) => interest)).size;
  write(`\ndecisions: ${set.interests.length} interests × ${set.papers.length} papers, each interest decided unseen; `);
  write(`${concepts} interests name a concept\n`);
  printTable(
    lines.map(({ line, from, ...figures }) => ({ line: `${line} (≥ ${from})`, ...worded(figures) })),
    '',
  );
  printTable(
    bins.map(({ from, to, pairs, said, right }) => ({
      probability: `${from.toFixed(1)} … ${to.toFixed(1)}`,
      pairs,
      said: said.toFixed(3),
      right: right.toFixed(3),
    })),
    '',
  );
}

/** Prints, as Markdown tables, what is left of decisions without parts of the matcher, and with lesser lexicons. */
export async function evalDecisionParts(file: string): Promise<void> {
  const set = await readDecisions(file);
  const progress = startProgress('decisions');
  const knowledge = loadKnowledge();
  const parts = ablateDecisions(set, { knowledge }, LINES.normal, (done, total) => progress.update(done, total));
  const lexicons = rateLexicons(set, knowledge.lexicon.concepts, LINES.normal, (done, total) =>
    progress.update(done, total),
  );
  progress.stop();
  for (const rows of [parts, lexicons]) {
    write('\n|  | precision | recall of main | F1 | wrong a newsletter |\n|---|---|---|---|---|\n');
    for (const { name, figures } of rows) write(`| ${[name, ...Object.values(worded(figures))].join(' | ')} |\n`);
  }
}

function worded({ precision, recallOfMain, f1, wrong }: DecisionFigures) {
  return {
    precision: precision.toFixed(3),
    'recall of main': recallOfMain.toFixed(3),
    F1: f1.toFixed(3),
    'wrong a newsletter': wrong.toFixed(2),
  };
}

function write(text: string): void {
  process.stdout.write(text);
}
