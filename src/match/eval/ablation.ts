import { METRICS } from './metrics.ts';
import type { EvalSet } from './set.ts';
import { evaluate, ourSystem, type EvalRow } from './evaluate.ts';
import type { MatchResources, Part } from '../state.ts';

const RELATED: readonly Part[] = ['meaning', 'feedback', 'topics', 'neighbours'];

/** The rows of the table, by the parts that are left out. */
const ROWS: readonly { name: string; without: readonly Part[] }[] = [
  { name: 'everything', without: [] },
  { name: '− meaning', without: ['meaning'] },
  { name: '− feedback', without: ['feedback'] },
  { name: '− topics', without: ['topics'] },
  { name: '− neighbours', without: ['neighbours'] },
  { name: '− acronyms and twins', without: ['acronyms', 'twins'] },
  { name: '− twins', without: ['twins'] },
  { name: 'the words alone (nothing related)', without: RELATED },
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
