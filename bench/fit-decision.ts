/** Fits seeds/decision.json to judged decisions: `tsx bench/fit-decision.ts DECISIONS.jsonl`; see docs/relevance.md. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../src/config.ts';
import { SIGNS } from '../src/match/decision.ts';
import { calibrationOf, rateDecisions, readDecisions } from '../src/match/eval/decisions.ts';
import { decideUnseen, fitDecision, judgePairs } from '../src/match/eval/fit-decision.ts';
import { loadKnowledge } from '../src/match/knowledge.ts';
import { LINES } from '../src/model/match.ts';

const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: tsx bench/fit-decision.ts DECISIONS.jsonl');
const pairs = judgePairs(await readDecisions(file), { knowledge: loadKnowledge() });
const decision = fitDecision(pairs);
await writeFile(join(PACKAGE_ROOT, 'seeds', 'decision.json'), `${JSON.stringify(decision, null, 1)}\n`);
for (const [knowing, { intercept, weights }] of Object.entries(decision)) {
  const names = SIGNS[knowing as keyof typeof SIGNS];
  const worded = weights.map((weight, at) => `${names[at]} ${weight.toFixed(2)}`).join(', ');
  process.stdout.write(`${knowing}: ${intercept.toFixed(2)}, ${worded}\n`);
}
const unseen = decideUnseen(pairs);
for (const [name, line] of Object.entries(LINES))
  process.stdout.write(`${name} ${JSON.stringify(rateDecisions(unseen, line))}\n`);
for (const bin of calibrationOf(unseen)) process.stdout.write(`${JSON.stringify(bin)}\n`);
