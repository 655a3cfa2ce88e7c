import { ablateDecisions } from '../match/eval/ablation.ts';
import {
  calibrationOf,
  OWN_DECISIONS,
  rateDecisions,
  readDecisions,
  type Decided,
  type DecisionFigures,
  type DecisionSet,
} from '../match/eval/decisions.ts';
import { decidePair, decideUnseen, judgePairs, type JudgedPair } from '../match/eval/fit-decision.ts';
import { rateLexicons } from '../match/eval/lexicon-variants.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import { LINES } from '../model/match.ts';
import { startProgress } from './progress.ts';
import { printJson, printTable } from './support.ts';

/** Prints how good decisions are on our own set, by the models that ship: they have seen nothing of it. */
export async function evalOwnDecisions(json: boolean): Promise<void> {
  const set = await readDecisions(OWN_DECISIONS);
  const knowledge = loadKnowledge();
  const pairs = judgePairs(set, { knowledge });
  const decided = pairs.map((pair) => decidePair(pair, knowledge.decision));
  printDecisions({ name: 'own decisions', how: 'decided by the models that ship', set, pairs, decided }, json);
}

/** Prints how good decisions are at each line, and whether the probabilities given are true. */
export async function evalDecisions(file: string, json: boolean): Promise<void> {
  const set = await readDecisions(file);
  const pairs = judgePairs(set, { knowledge: loadKnowledge() });
  const decided = decideUnseen(pairs);
  printDecisions({ name: 'decisions', how: 'each interest decided unseen', set, pairs, decided }, json);
}

interface Report {
  name: string;
  how: string;
  set: DecisionSet;
  pairs: readonly JudgedPair[];
  decided: readonly Decided[];
}

function printDecisions({ name, how, set, pairs, decided }: Report, json: boolean): void {
  const lines = Object.entries(LINES).map(([line, at]) => ({ line, from: at, ...rateDecisions(decided, at) }));
  const bins = calibrationOf(decided);
  if (json) {
    for (const row of [...lines, ...bins]) printJson({ set: name, ...row });
    return;
  }
  const concepts = new Set(pairs.filter(({ knowing }) => knowing === 'concept').map(({ interest }) => interest)).size;
  write(`\n${name}: ${set.interests.length} interests × ${set.papers.length} papers, ${how}; `);
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
  const lexicons = rateLexicons(set, [...knowledge.lexicon.concepts], LINES.normal, (done, total) =>
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
