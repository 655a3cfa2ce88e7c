/**
 * Trains the vectors of seeds/vectors anew: `tsx bench/train-vectors.ts OUT_FOLDER PAPERS.jsonl[.gz]…`. What the lines
 * hold says `readPapers`; docs/relevance.md says how it learns. The same papers give the same vectors. Options: the
 * number of threads, how many papers are read at most, how many of them are kept out to measure with, and judged days.
 */
import { parseArgs } from 'node:util';
import { startThread } from '../src/lib/thread.ts';
import { judgedPrecision, titlesFindAbstracts } from './train-vectors/check.ts';
import { chooseUnits, readCorpus } from './train-vectors/choose-units.ts';
import { compile, type Material } from './train-vectors/compile.ts';
import { decompose } from './train-vectors/decompose.ts';
import { learn } from './train-vectors/learn.ts';
import { randomOf, shuffle } from './train-vectors/random.ts';
import { readPapers } from './train-vectors/read-papers.ts';
import { planSteps } from './train-vectors/schedule.ts';
import { createState, type State } from './train-vectors/state.ts';
import { measureKnown, shippedVectors, writeVectors } from './train-vectors/write.ts';

const SEED = 20_261_128;
/** Weights start as a fifth of the rarity. */
const FIRST_WEIGHT = 0.2;

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    most: { type: 'string', default: 'Infinity' },
    kept: { type: 'string', default: '0' },
    judged: { type: 'string', default: '' },
  },
});
const [out, ...files] = positionals;
if (!out || files.length === 0) {
  const known = '[--threads N] [--most PAPERS] [--kept PAPERS] [--judged DECISIONS.jsonl]';
  throw new Error(`usage: tsx bench/train-vectors.ts OUT_FOLDER PAPERS.jsonl[.gz]… ${known}`);
}

const began = performance.now();
const read = shuffle(await readPapers(files), randomOf(SEED)).slice(0, Number(options.most));
const kept = read.slice(0, Number(options.kept));
const papers = read.slice(kept.length);
say(`${papers.length} papers, ${kept.length} kept out`);
const corpus = readCorpus(papers);
say(`${corpus.words.length} distinct words`);
const units = chooseUnits(corpus);
if (units.length === 0) throw new Error('no word stands in 5 papers; expected more papers');
const material = compile(papers, corpus, units);
const papersWithUnit = countPapers(material, units.length);
const rarity = Float32Array.from(papersWithUnit, (count) => Math.log(papers.length / Math.max(1, count)));
say(`${units.length} units, ${units.filter((unit) => unit.includes(' ')).length} of them phrases`);
const start = decompose(material, rarity, SEED);
say('decomposed');
const state = createState(
  material,
  planSteps(material, SEED),
  { vectors: start, weights: rarity.map((value) => FIRST_WEIGHT * value) },
  Number(options.threads),
);
train(state);
const vectors = shippedVectors(state, units, papersWithUnit, papers.length);
const known = measureKnown(vectors, papers, SEED);
await writeVectors(out, vectors);
say(`${units.length} units of ${vectors.dimensions} dimensions in ${out}; ${known} papers say what is usual`);
if (kept.length > 0)
  say(`title finds its abstract: ${titlesFindAbstracts(vectors, kept).toFixed(3)} of ${kept.length}`);
const judged = judgedPrecision(vectors, options.judged);
if (judged) say(`average precision on judged days: ${judged.mean.toFixed(3)}, all pairs ${judged.pooled.toFixed(3)}`);

function train(shared: State): void {
  for (let thread = 1; thread < shared.threads; thread++)
    startThread(new URL('./train-vectors/thread.ts', import.meta.url), { state: shared, thread });
  const steps = shared.schedule.kinds.length;
  learn(shared, 0, (step) => {
    if ((step + 1) % 20 !== 0 && step + 1 !== steps) return;
    const last = shared.losses.subarray(Math.max(0, step - 19), step + 1);
    const loss = last.reduce((sum, one) => sum + one, 0) / last.length;
    say(`step ${step + 1} of ${steps}, loss ${loss.toFixed(3)}, scale ${Math.exp(shared.logScale[0]!).toFixed(1)}`);
  });
}

function countPapers({ titles, abstracts }: Material, size: number): Uint32Array {
  const counts = new Uint32Array(size);
  for (let paper = 0; paper < titles.starts.length - 1; paper++) {
    const held = [titles, abstracts].flatMap(({ starts, rows }) => [
      ...rows.subarray(starts[paper], starts[paper + 1]),
    ]);
    for (const row of new Set(held)) counts[row]!++;
  }
  return counts;
}

function say(line: string): void {
  process.stderr.write(`${Math.round((performance.now() - began) / 1000)} s: ${line}\n`);
}
