import type { Concept } from '../../model/concept.ts';
import { openKnowledge } from '../knowledge.ts';
import { rateDecisions, type DecisionFigures, type DecisionSet } from './decisions.ts';
import { decideUnseen, judgePairs } from './fit-decision.ts';
import { seededRandom } from './metrics.ts';

/** A lexicon that is smaller or worse than the shipped one. */
interface Variant {
  name: string;
  make: (concepts: readonly Concept[]) => Concept[];
}

/** Wrong terms put into every concept, to see what mistakes of those who wrote it cost. */
const WRONG_TERMS = 3;

const VARIANTS: readonly Variant[] = [
  { name: 'no concepts', make: () => [] },
  ...[500, 1_500].map((count) => ({
    name: `the ${count} most named concepts`,
    make: (concepts: readonly Concept[]) => mostNamed(concepts, count),
  })),
  ...[2, 4, 8].map((count) => ({
    name: `${count} terms each`,
    make: (concepts: readonly Concept[]) => concepts.map((one) => ({ ...one, terms: one.terms.slice(0, count) })),
  })),
  { name: `${WRONG_TERMS} wrong terms in each`, make: withWrongTerms },
  { name: 'all', make: (concepts) => [...concepts] },
];

/** Measures decisions at a line with each variant of the lexicon; `progress` hears of each. */
export function rateLexicons(
  set: DecisionSet,
  concepts: readonly Concept[],
  line: number,
  progress: (done: number, total: number) => void = () => {},
): { name: string; figures: DecisionFigures }[] {
  return VARIANTS.map(({ name, make }, at) => {
    const pairs = judgePairs(set, { knowledge: openKnowledge(make(concepts)) });
    progress(at + 1, VARIANTS.length);
    return { name, figures: rateDecisions(decideUnseen(pairs), line) };
  });
}

/** Those that most known titles name; what is broader and left out is forgotten. */
function mostNamed(concepts: readonly Concept[], count: number): Concept[] {
  const { rateOf } = openKnowledge([]);
  return [...concepts].sort((a, b) => rateOf(b.name) - rateOf(a.name)).slice(0, count);
}

function withWrongTerms(concepts: readonly Concept[]): Concept[] {
  const random = seededRandom(1);
  const any = () => {
    const { terms } = concepts[Math.floor(random() * concepts.length)]!;
    return terms[Math.floor(random() * terms.length)]!;
  };
  return concepts.map((one) => ({ ...one, terms: [...one.terms, ...Array.from({ length: WRONG_TERMS }, any)] }));
}
