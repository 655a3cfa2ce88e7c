import type { Material } from './compile.ts';
import { randomOf, shuffle } from './random.ts';

/** What asks and what answers in a batch. */
export const Kind = {
  /** A title, and its abstract. */
  title: 0,
  /** A sentence on the paper, and the paper. */
  summary: 1,
  /** A keyword, and its paper. */
  keyword: 2,
  /** A stretch of the title, and its paper or the abstract alone. */
  stretch: 3,
  /** A unit of the abstract, and its paper. */
  unit: 4,
} as const;

/** Pairs compared with each other in one step. */
export const BATCH = 1024;
export const EPOCHS = 2;

/** Which items each step learns from, and of which kind. */
export interface Schedule {
  kinds: Int8Array;
  /** Step s has items[s · BATCH] to items[(s + 1) · BATCH]: papers, or keywords or summaries. */
  items: Int32Array;
}

/** Puts the batches of all epochs in a random order; each is of one kind. */
export function planSteps(material: Material, seed: number): Schedule {
  const random = randomOf(seed);
  const batches: { kind: number; items: number[] }[] = [];
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    const cut = Object.entries(itemsOf(material)).flatMap(([kind, items]) => cutBatches(Number(kind), items, random));
    batches.push(...shuffle(cut, random));
  }
  if (batches.length === 0) throw new Error(`fewer than ${BATCH} papers with known words; expected more`);
  const items = new Int32Array(new SharedArrayBuffer(4 * BATCH * batches.length));
  for (const [step, batch] of batches.entries()) items.set(batch.items, step * BATCH);
  const kinds = new Int8Array(new SharedArrayBuffer(batches.length));
  kinds.set(batches.map(({ kind }) => kind));
  return { kinds, items };
}

function itemsOf({ titles, abstracts, keywords, summaries }: Material): Record<number, number[]> {
  const withUnits = ({ starts }: { starts: Int32Array }) =>
    Array.from({ length: starts.length - 1 }, (_, at) => at).filter((at) => starts[at + 1]! > starts[at]!);
  const known = new Set(withUnits(abstracts));
  const papers = withUnits(titles).filter((paper) => known.has(paper));
  return {
    [Kind.title]: papers,
    [Kind.summary]: withUnits(summaries),
    [Kind.keyword]: withUnits(keywords),
    [Kind.stretch]: [...papers, ...papers],
    [Kind.unit]: papers,
  };
}

/** The last batch is filled up from the beginning; a kind with less than one batch is left out. */
function cutBatches(kind: number, items: number[], random: () => number) {
  const order = shuffle([...items], random);
  if (order.length < BATCH) return [];
  return Array.from({ length: Math.ceil(order.length / BATCH) }, (_, at) => {
    const cut = order.slice(at * BATCH, (at + 1) * BATCH);
    return { kind, items: [...cut, ...order.slice(0, BATCH - cut.length)] };
  });
}
