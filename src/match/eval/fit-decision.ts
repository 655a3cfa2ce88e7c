import type { MatchResources } from '../state.ts';
import { SIGNS, logOddsOf, type Decision, type Knowing, type Signs } from '../decision.ts';
import { fitLogistic, sigmoid, type Logistic } from '../logistic.ts';
import { askedAtOnce, type Asked } from '../asked.ts';
import { openState } from '../matcher.ts';
import { readSigns } from '../score.ts';
import type { MatcherState } from '../state.ts';
import type { Decided, DecisionSet, Grade } from './decisions.ts';

/** The signs of one judged pair, under each way of knowing the interest that there is. */
export interface JudgedPair {
  interest: number;
  day: string;
  grade: Grade;
  /** How the matcher knows the interest. */
  knowing: Knowing;
  signs: Partial<Record<Knowing, Signs>>;
}

/** The penalty on weights: the prototype's C of 0.3. */
const RIDGE = 1 / 0.3;
/**
 * Models are surer of interests that they have seen than of new ones: the log-odds are drawn together by this factor,
 * so that on interests left out of the fit a probability means what it says.
 */
const SURENESS = 0.7;
/** A paper that a reader would miss counts so much. */
const MAIN = 1.25;

/** Gathers the signs of all pairs of a set; its days are each other's background. */
export function judgePairs(set: DecisionSet, resources: MatchResources): JudgedPair[] {
  const state = openState(set.papers, resources);
  return set.interests.flatMap(({ id, text }) => {
    const asked = askedAtOnce(state, text);
    const ways = waysOf(state, asked);
    const knowing = ways.at(-1)!.knowing;
    return set.papers.map((paper, at) => ({
      ...{ interest: id, day: paper.day, grade: set.gradeOf(id, paper.id), knowing },
      signs: Object.fromEntries(ways.map((way) => [way.knowing, { ...way.at(at) }])),
    }));
  });
}

/** The interest as it is known, and as it would be without its concepts, and by its words alone; best known last. */
function waysOf(state: MatcherState, asked: Asked) {
  const plain = readSigns(state, { ...asked, concepts: [] });
  const known = readSigns(state, asked);
  const ways = [{ ...plain, knowing: 'words' as Knowing }];
  if (plain.knowing !== 'words') ways.push(plain);
  if (known.knowing !== plain.knowing) ways.push(known);
  return ways;
}

/** Fits the three models to judged pairs. */
export function fitDecision(pairs: readonly JudgedPair[]): Decision {
  return { words: fitOne(pairs, 'words'), meaning: fitOne(pairs, 'meaning'), concept: fitOne(pairs, 'concept') };
}

function fitOne(pairs: readonly JudgedPair[], knowing: Knowing): Logistic {
  const examples = pairs.flatMap(({ grade, signs }) => {
    const heard = signs[knowing];
    if (grade === 'doubt' || !heard) return [];
    const numbers = SIGNS[knowing].map((name) => heard[name]);
    return [{ numbers, right: grade !== 'wrong', weight: grade === 'main' ? MAIN : 1 }];
  });
  const { intercept, weights } = fitLogistic(examples, RIDGE);
  return { intercept: SURENESS * intercept, weights: weights.map((weight) => SURENESS * weight) };
}

/** Decides every pair by models that have not seen its interest. */
export function decideUnseen(pairs: readonly JudgedPair[]): Decided[] {
  const interests = [...new Set(pairs.map(({ interest }) => interest))];
  return interests.flatMap((left) => {
    const decision = fitDecision(pairs.filter(({ interest }) => interest !== left));
    return pairs.filter(({ interest }) => interest === left).map((pair) => decidePair(pair, decision));
  });
}

/** Decides a pair. */
export function decidePair({ interest, day, grade, knowing, signs }: JudgedPair, decision: Decision): Decided {
  const heard = signs[knowing];
  if (!heard) throw new Error(`no signs of interest ${interest} as ${knowing}`);
  return { interest, day, grade, probability: sigmoid(logOddsOf(decision, knowing, heard)) };
}
