import { rateDecisions, type DecisionFigures, type DecisionSet } from './decisions.ts';
import { decideUnseen, judgePairs } from './fit-decision.ts';
import { METRICS } from './metrics.ts';
import type { EvalSet } from './set.ts';
import { evaluate, ourSystem, type EvalRow } from './evaluate.ts';
import type { MatchResources, Part } from '../state.ts';

const RELATED: readonly Part[] = ['meaning', 'concepts'];

/** The rows of the table, by the parts that are left out. */
const ROWS: readonly { name: string; without: readonly Part[] }[] = [
  { name: 'everything', without: [] },
  { name: '− meaning', without: ['meaning'] },
  { name: '− concepts', without: ['concepts'] },
  { name: '− acronyms and twins', without: ['acronyms', 'twins'] },
  { name: '− twins', without: ['twins'] },
  { name: '− the title’s weight', without: ['title'] },
  { name: 'the words alone', without: RELATED },
  { name: '… without acronyms and twins', without: [...RELATED, 'acronyms', 'twins'] },
  { name: '… without nearness', without: [...RELATED, 'nearness'] },
  { name: '… without the phrase', without: [...RELATED, 'phrase'] },
  { name: '… without the title’s weight', without: [...RELATED, 'title'] },
];

/**
 * Measures on each set what is left when parts of the matcher are left out; `progress` hears of each row. Returns a
 * Markdown table.
 */
export function ablationTable(
  sets: readonly EvalSet[],
  resources: MatchResources,
  progress: (done: number, total: number) => void = () => {},
): string {
  const lines = [
    ['', ...sets.map(({ name }) => name)],
    ['---', ...sets.map(() => '---')],
  ];
  for (const [at, { name, without }] of ROWS.entries()) {
    const system = ourSystem({ ...resources, without });
    lines.push([name, ...sets.map((set) => figures(evaluate(set, system, () => 0)))]);
    progress(at + 1, ROWS.length);
  }
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

/** Three decimals without the zero before them, as in «.838 .971 .799». */
function figures(row: EvalRow): string {
  return METRICS.map((metric) => row[metric].toFixed(3).replace(/^0/, '')).join(' ');
}

/** Measures decisions at a line without parts of the matcher, the models fitted anew to what is left. */
export function ablateDecisions(
  set: DecisionSet,
  resources: MatchResources,
  line: number,
  progress: (done: number, total: number) => void = () => {},
): { name: string; figures: DecisionFigures }[] {
  const rows = ROWS.filter(({ without }) => !without.includes('nearness')); // it orders, and decides nothing
  return rows.map(({ name, without }, at) => {
    const pairs = judgePairs(set, { ...resources, without });
    progress(at + 1, rows.length);
    return { name, figures: rateDecisions(decideUnseen(pairs), line) };
  });
}
