/**
 * Fits the model of src/match/examples/like-score.ts to judged decisions: `tsx bench/fit-like.ts DECISIONS.jsonl`. Of
 * each interest with four main papers or more, three are drawn as examples, eight times; the other papers are judged,
 * each interest by a model that has not seen it.
 */
import { readLikeSigns } from '../src/match/examples/like-score.ts';
import { readDecisions } from '../src/match/eval/decisions.ts';
import { seededRandom } from '../src/match/eval/metrics.ts';
import { loadKnowledge } from '../src/match/knowledge.ts';
import { fitLogistic, probabilityOf } from '../src/match/logistic.ts';
import { openState } from '../src/match/matcher.ts';

const EXAMPLES = 3;
const DRAWS = 8;
const RIDGE = 3;

const [file] = process.argv.slice(2);
if (!file) throw new Error('usage: tsx bench/fit-like.ts DECISIONS.jsonl');
const set = await readDecisions(file);
const state = openState(set.papers, { knowledge: loadKnowledge() });
const random = seededRandom(7);
const pairs = set.interests.flatMap(({ id }) => {
  const main = [...set.papers.keys()].filter((at) => set.gradeOf(id, set.papers[at]!.id) === 'main');
  if (main.length < EXAMPLES + 1) return [];
  return Array.from({ length: DRAWS }).flatMap(() => {
    const drawn = [...main].sort(() => random() - 0.5).slice(0, EXAMPLES);
    const examples = drawn.map((at) => ({ ...set.papers[at]!, paperId: set.papers[at]!.id }));
    const { signsOf } = readLikeSigns(state, { examples, leftOut: [] });
    return [...set.papers.entries()].flatMap(([at, paper]) => {
      const grade = set.gradeOf(id, paper.id);
      const numbers = drawn.includes(at) || grade === 'doubt' ? null : signsOf(at);
      return numbers ? [{ id, grade, numbers, right: grade !== 'wrong', weight: 1 / DRAWS }] : [];
    });
  });
});
const ids = [...new Set(pairs.map(({ id }) => id))];
const judged = ids.flatMap((left) => {
  const model = fitLogistic(
    pairs.filter(({ id }) => id !== left),
    RIDGE,
  );
  return pairs.filter(({ id }) => id === left).map((pair) => ({ ...pair, p: probabilityOf(model, pair.numbers) }));
});
for (const line of [0.35, 0.5, 0.7]) {
  const taken = judged.filter(({ p }) => p >= line);
  const main = judged.filter(({ grade }) => grade === 'main');
  const precision = taken.filter(({ right }) => right).length / (taken.length || 1);
  const recall = main.filter(({ p }) => p >= line).length / main.length;
  process.stdout.write(`line ${line}: precision ${precision.toFixed(2)}, recall of main ${recall.toFixed(2)}\n`);
}
process.stdout.write(`${ids.length} interests; ${JSON.stringify(fitLogistic(pairs, RIDGE))}\n`);
