import { titleKey, type PaperText } from '../../model/paper.ts';
import type { Reason } from '../../model/match.ts';
import type { ConceptEvidence } from '../concepts/concept-evidence.ts';
import type { Knowledge } from '../knowledge.ts';
import { probabilityOf, type Logistic } from '../logistic.ts';
import { conceptReasons } from '../reasons.ts';
import type { MatcherState, Scored } from '../state.ts';
import { paperVector, type Vectors } from '../vectors.ts';
import { withoutCommon } from './boilerplate.ts';
import { cosine } from './directions.ts';
import { isNamed, usualShare, type ExampleText } from './example-concepts.ts';
import { readProfile, type Direction, type LikeProfile } from './profile.ts';

/** What a reader gave as examples, with the texts that are known of them. */
export interface LikeExamples {
  examples: readonly (ExampleText & { paperId?: number | string | null })[];
  /** Concepts that they are not examples of. */
  leftOut: readonly string[];
}

/** Fitted on judged days by `bench/fit-like.ts`; see docs/relevance.md, «Papers like these». */
const MODEL: Logistic = { intercept: -3.7, weights: [0.3, 1.57, 2.28] };

/** Examples that the model was fitted with. */
const FITTED_WITH = 3;
/**
 * Deviations by which the nearest of e times as many known papers is nearer to a paper. The tail of likeness falls as
 * e^(-z/s), so that the nearest of n grows with ln n; chosen between the measured 0.9 and 1.4, so that of random
 * examples 20 and 500 bring no more papers than 3.
 */
const GROWTH = 1.1;

/** What each paper says, computed once for papers that are matched with several readers' examples. */
interface Read {
  vectors: Float32Array;
  /** Takes out of an abstract what several of the papers say word by word. */
  own: (abstract: string) => string;
}

const read = new WeakMap<readonly PaperText[], Read>();

/**
 * Scores papers by their likeness to examples: the probability that whoever gave the examples would call a paper right.
 * An example itself scores 0: its reader has it. Never literal, so that likeness mutes nothing.
 */
export function scoreLike(state: MatcherState, given: LikeExamples): Scored {
  const { profile, papers, signsOf } = readLikeSigns(state, given);
  const isExample = ownPapers(given);
  const scores = Float32Array.from(state.index.papers, (paper, at) => {
    const signs = isExample(paper) ? null : signsOf(at);
    return signs === null ? 0 : probabilityOf(MODEL, signs);
  });
  return { scores, order: scores, literal: () => false, reasons: (at) => reasonsOf(state, profile, papers, at) };
}

/**
 * Gathers what papers show of likeness: deviations beyond the usual cosine of the nearest example and on average of the
 * nearest three, less what more examples are nearer by, and the share of the concepts found; null where nothing is
 * known of any example.
 */
export function readLikeSigns(state: MatcherState, given: LikeExamples) {
  const { knowledge, index, concepts } = state;
  const papers = readPapers(index.papers, knowledge.vectors);
  const examples = given.examples.map(({ title, abstract }) => ({ title, abstract: papers.own(abstract) }));
  const profile = readProfile(examples, given.leftOut, knowledge);
  const known = profile.examples.filter((one) => one !== null).length;
  const more = GROWTH * Math.log(Math.max(1, known / FITTED_WITH));
  const signsOf = (at: number): number[] | null => {
    const near = nearest(profile.examples, papers.vectors, at);
    if (!near[0]) return null;
    return [near[0].beyond - more, meanOf(near) - more, conceptShare(profile, concepts[at], knowledge)];
  };
  return { profile, papers, signsOf };
}

function readPapers(papers: readonly PaperText[], vectors: Vectors): Read {
  const known = read.get(papers);
  if (known) return known;
  const own = withoutCommon(papers);
  const all = new Float32Array(papers.length * vectors.dimensions);
  for (const [at, { title, abstract }] of papers.entries())
    paperVector(vectors, title, own(abstract), all, at * vectors.dimensions);
  const made = { own, vectors: all };
  read.set(papers, made);
  return made;
}

function ownPapers({ examples }: LikeExamples): (paper: PaperText) => boolean {
  const ids = new Set(examples.map(({ paperId }) => paperId).filter((id) => id != null));
  const titles = new Set(examples.map(({ title }) => titleKey(title)).filter(Boolean));
  return ({ id, title }) => ids.has(id) || titles.has(titleKey(title));
}

function meanOf(near: readonly { beyond: number }[]): number {
  return near.reduce((sum, { beyond }) => sum + beyond, 0) / (near.length || 1);
}

/** The three examples nearest to a paper, by how many deviations their cosine is beyond the usual. */
function nearest(examples: LikeProfile['examples'], vectors: Float32Array, paper: number) {
  const near: { example: number; beyond: number }[] = [];
  for (const [example, direction] of examples.entries()) {
    if (!direction) continue;
    const beyond = beyondUsual(direction, vectors, paper);
    near.push({ example, beyond });
    near.sort((a, b) => b.beyond - a.beyond);
    near.splice(3);
  }
  return near;
}

function beyondUsual({ vector, mean, deviation }: Direction, vectors: Float32Array, paper: number): number {
  return deviation > 0 ? (cosine(vector, vectors, paper * vector.length) - mean) / deviation : 0;
}

/** Share of the profile's concepts that a paper holds; a rare one that all examples have counts most. */
function conceptShare(
  profile: LikeProfile,
  found: ReadonlyMap<number, ConceptEvidence> | undefined,
  knowledge: Knowledge,
): number {
  let all = 0;
  let held = 0;
  for (const { at, share } of profile.concepts) {
    const weight = -share * Math.log(usualShare(knowledge, at) + 1e-3);
    all += weight;
    if (isNamed(knowledge, found?.get(at))) held += weight;
  }
  return all > 0 ? held / all : 0;
}

/** Names the nearest example, and the first of the examples' concepts that the paper holds, by its term there. */
function reasonsOf(state: MatcherState, profile: LikeProfile, read: Read, at: number): Reason[] {
  const [near] = nearest(profile.examples, read.vectors, at);
  const example = near && profile.titles[near.example];
  const reasons: Reason[] = example ? [{ kind: 'example', text: example, where: 'examples' }] : [];
  const shared = profile.concepts.find((concept) => isNamed(state.knowledge, state.concepts[at]?.get(concept.at)));
  return shared ? [...reasons, ...conceptReasons(state, shared.at, at)] : reasons;
}
