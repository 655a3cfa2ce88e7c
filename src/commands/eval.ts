import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Command } from 'commander';
import { PACKAGE_ROOT } from '../config.ts';
import { AppError } from '../lib/errors.ts';
import { ablationTable } from '../match/eval/ablation.ts';
import { BASELINES } from '../match/eval/baselines.ts';
import { readBench, readOwnSet, type EvalSet, type EvalSystem } from '../match/eval/set.ts';
import { compareWithBest, evaluate, ourSystem, type EvalRow } from '../match/eval/evaluate.ts';
import { loadKnowledge } from '../match/knowledge.ts';
import type { MatchResources } from '../match/state.ts';
import { stemsOf } from '../match/tokens.ts';
import { evalDecisionParts, evalDecisions, evalOwnDecisions } from './eval-decisions.ts';
import { startProgress } from './progress.ts';
import { listOption, printJson, printTable } from './support.ts';

/** Benches that lie beside the repository on some machines. */
const SHARED = resolve(PACKAGE_ROOT, '..', 'shared', 'data');
const SHARED_BENCH = resolve(SHARED, 'relevance', 'interest-bench.dev.jsonl');
const SHARED_DECISIONS = resolve(SHARED, 'matching', 'decision.dev.jsonl');

interface Options {
  bench?: string[];
  decisions?: string;
  own?: boolean;
  ablation?: boolean;
  json?: boolean;
}

/** Measures the matching against simpler ways of doing it, in one run. */
export function evalCommand(): Command {
  return new Command('eval')
    .option('--bench <file>', 'a bench of JSON lines besides our own set (repeatable)', listOption)
    .option('--decisions <file>', 'judged decisions, JSON lines of interests, papers and labels')
    .option('--own', 'only the set of our own that comes with the program')
    .option('--ablation', 'what each part gives instead: our figures with it left out, as a Markdown table')
    .option('--json', 'one object a line')
    .action(async (options: Options) => {
      const decisions = decisionsFile(options);
      const json = options.json ?? false;
      if (options.ablation) await evalParts(options);
      else {
        await evalAll(options);
        await evalOwnDecisions(json);
      }
      if (decisions !== null) await (options.ablation ? evalDecisionParts(decisions) : evalDecisions(decisions, json));
    });
}

/** The file named; else the one beside the repository, where there is one. */
function decisionsFile({ decisions, own }: Options): string | null {
  if (decisions !== undefined) return decisions;
  return !own && existsSync(SHARED_DECISIONS) ? SHARED_DECISIONS : null;
}

async function evalParts(options: Options): Promise<void> {
  const sets = await readSets(options);
  const progress = startProgress('eval');
  const table = ablationTable(sets, readResources(), (done, total) => progress.update(done, total));
  progress.stop();
  process.stdout.write(table);
}

async function readSets(options: Options): Promise<EvalSet[]> {
  const files = options.own ? [] : (options.bench ?? (existsSync(SHARED_BENCH) ? [SHARED_BENCH] : []));
  const sets = [await readOwnSet()];
  for (const file of files) sets.push(...(await readBench(file)));
  return sets;
}

function readResources(): MatchResources {
  return { knowledge: loadKnowledge() };
}

async function evalAll(options: Options): Promise<void> {
  const sets = await readSets(options);
  const ours = ourSystem(readResources());
  const systems = [...BASELINES, ...(await miniSearchSystems()), ours];
  const progress = startProgress('eval');
  const rows: EvalRow[] = [];
  for (const set of sets) {
    for (const system of systems) {
      rows.push(evaluate(set, system, cpuMs));
      progress.update(rows.length, sets.length * systems.length);
    }
  }
  progress.stop();
  const differences = sets.flatMap((set) => {
    const measured = rows.filter((row) => row.set === set.name);
    const own = measured.pop();
    return own ? compareWithBest(own, measured) : [];
  });
  if (options.json)
    for (const row of [...rows.map((row) => ({ ...row, each: undefined })), ...differences]) printJson(row);
  else printReport(sets, rows, differences);
}

/** Milliseconds of CPU so far: what others do on the machine changes it least. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function printReport(sets: EvalSet[], rows: EvalRow[], differences: ReturnType<typeof compareWithBest>): void {
  for (const { name, papers, interests } of sets) {
    process.stdout.write(`\n${name}: ${interests.length} interests × ${papers.length} papers\n`);
    const own = rows.filter((row) => row.set === name);
    printTable(
      own.map(({ system, ndcg10, recall50, averagePrecision, ms }) => ({
        system,
        'nDCG@10': ndcg10.toFixed(4),
        'recall@50': recall50.toFixed(4),
        MAP: averagePrecision.toFixed(4),
        'CPU ms': ms.toFixed(0),
      })),
      'nothing measured',
    );
    printTable(
      differences
        .filter(({ set }) => set === name)
        .map(({ metric, best, mean, low, high }) => ({
          metric,
          'against the best': best,
          difference: signed(mean),
          '95 % interval': `${signed(low)} … ${signed(high)}`,
        })),
      '',
    );
  }
  const time = (match: (system: string) => boolean) =>
    rows.filter(({ system }) => match(system)).reduce((sum, { ms }) => sum + ms, 0);
  const mini = time((system) => system === MINISEARCH);
  process.stdout.write(`\nCPU time: ${(time((system) => system === 'offprint') / mini).toFixed(1)} × MiniSearch's\n`);
}

const MINISEARCH = 'MiniSearch as it comes';

/** Opens the search engine that stands for what others would use; it is needed for measuring only. */
async function miniSearchSystems(): Promise<EvalSystem[]> {
  const { default: MiniSearch } = await import('minisearch').catch((error: unknown) => {
    throw new AppError('unavailable', 'minisearch is not installed; `npm ci` without --omit=dev brings it', {
      cause: error,
    });
  });
  const open = (set: EvalSet, options: object, search: object) => {
    const engine = new MiniSearch({ fields: ['title', 'abstract'], ...options });
    engine.addAll(set.papers);
    return (text: string) => engine.search(text, search).map(({ id }) => id as string | number);
  };
  const processTerm = (term: string) => stemsOf(term)[0] ?? null;
  return [
    { name: MINISEARCH, open: (set) => open(set, {}, {}) },
    { name: 'MiniSearch, our stems, title × 2', open: (set) => open(set, { processTerm }, { boost: { title: 2 } }) },
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '' : '+'}${value.toFixed(4)}`;
}
