import { titleKey, type PaperText } from '../../model/paper.ts';
import type { Reason } from '../../model/match.ts';
import type { PaperIndex } from '../paper-index.ts';
import { snippetOf } from '../reasons.ts';
import type { Scored } from '../state.ts';
import { loadVectors, paperVector, type Vectors } from '../vectors.ts';
import { withoutCommon } from './boilerplate.ts';
import type { ConceptFinder, Place } from './concept-finder.ts';
import { loadConceptFinder } from './known-concepts.ts';
import { cosine } from './directions.ts';
import { knownSample } from './known-sample.ts';
import { readProfile, type Direction, type ExampleText, type LikeProfile } from './profile.ts';

/** What a reader gave as examples, with the texts that are known of them. */
export interface LikeExamples {
  examples: readonly (ExampleText & { paperId?: number | string | null })[];
  /** Concepts that they are not examples of. */
  leftOut: readonly string[];
}

/**
 * Weights of the logistic regression, fitted on judged days (docs/relevance.md, «Papers like these»): deviations beyond
 * the usual cosine of the nearest example and on average of the nearest three, and the share of the concepts found.
 */
const WEIGHTS = { start: -2.94, nearest: 0.39, nearestThree: 0.95, concepts: 2.12 } as const;

/** What each paper says, computed once for papers that are matched with several readers' examples. */
interface Read {
  vectors: Float32Array;
  concepts: Map<number, ReadonlyMap<number, Place>>;
  /** Takes out of an abstract what several of the papers say word by word. */
  own: (abstract: string) => string;
}
/** What known papers usually have with the two or three examples that the weights were fitted with. */
const FITTED = { nearest: 0.45, nearestThree: 0.1 } as const;

const read = new WeakMap<readonly PaperText[], Read>();

/**
 * Scores papers by their likeness to examples: the probability that whoever gave the examples would call a paper right.
 * An example itself scores 0: its reader has it. Never literal, so that likeness mutes nothing.
 */
export function scoreLike(index: PaperIndex, given: LikeExamples): Scored {
  const vectors = loadVectors();
  const finder = loadConceptFinder();
  const papers = readPapers(index.papers, vectors);
  const examples = given.examples.map(({ title, abstract }) => ({ title, abstract: papers.own(abstract) }));
  const profile = readProfile(examples, given.leftOut, vectors, finder);
  const isExample = ownPapers(given);
  const bar = barOf(profile, vectors);
  const scores = Float32Array.from(index.papers, (paper, at) =>
    isExample(paper) ? 0 : probability(profile, bar, papers, index.papers, at, finder),
  );
  return { scores, literal: () => false, reasons: (at) => reasonsOf(profile, papers, index.papers, at, finder) };
}

function readPapers(papers: readonly PaperText[], vectors: Vectors): Read {
  const known = read.get(papers);
  if (known) return known;
  const own = withoutCommon(papers);
  const all = new Float32Array(papers.length * vectors.dimensions);
  for (const [at, { title, abstract }] of papers.entries())
    paperVector(vectors, title, own(abstract), all, at * vectors.dimensions);
  const made = { own, vectors: all, concepts: new Map<number, ReadonlyMap<number, Place>>() };
  read.set(papers, made);
  return made;
}

function ownPapers({ examples }: LikeExamples): (paper: PaperText) => boolean {
  const ids = new Set(examples.map(({ paperId }) => paperId).filter((id) => id != null));
  const titles = new Set(examples.map(({ title }) => titleKey(title)).filter(Boolean));
  return ({ id, title }) => ids.has(id) || titles.has(titleKey(title));
}

/**
 * What many examples of many subjects have to be nearer by: the nearest of 500 is near to any paper. Told by papers
 * drawn as known ones are spread.
 */
function barOf({ examples }: LikeProfile, vectors: Vectors): number {
  const sample = knownSample(vectors);
  let bar = 0;
  for (const paper of sample) {
    const near = nearest(examples, paper, 0);
    bar += WEIGHTS.nearest * (near[0]?.beyond ?? 0) + WEIGHTS.nearestThree * meanOf(near);
  }
  const fitted = WEIGHTS.nearest * FITTED.nearest + WEIGHTS.nearestThree * FITTED.nearestThree;
  return Math.max(0, bar / sample.length - fitted);
}

function meanOf(near: readonly { beyond: number }[]): number {
  return near.reduce((sum, { beyond }) => sum + beyond, 0) / (near.length || 1);
}

function probability(
  profile: LikeProfile,
  bar: number,
  read: Read,
  papers: readonly PaperText[],
  at: number,
  finder: ConceptFinder,
): number {
  const near = nearest(profile.examples, read.vectors, at);
  const [first] = near;
  if (!first) return 0;
  const without = WEIGHTS.start + WEIGHTS.nearest * first.beyond + WEIGHTS.nearestThree * meanOf(near) - bar;
  // What concepts cannot lift to a chance of 1 % is not looked through for them.
  if (without + WEIGHTS.concepts < -4.6) return 0;
  const shared =
    profile.concepts.length === 0 ? 0 : conceptShare(profile, conceptsOf(read, papers, at, finder), finder);
  return 1 / (1 + Math.exp(-(without + WEIGHTS.concepts * shared)));
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
function conceptShare(profile: LikeProfile, found: ReadonlyMap<number, Place>, finder: ConceptFinder): number {
  let all = 0;
  let held = 0;
  for (const { at, share } of profile.concepts) {
    const weight = -share * Math.log((finder.usual[at] ?? 1) + 1e-3);
    all += weight;
    if (found.has(at)) held += weight;
  }
  return all > 0 ? held / all : 0;
}

function conceptsOf(read: Read, papers: readonly PaperText[], at: number, finder: ConceptFinder) {
  const known = read.concepts.get(at);
  if (known) return known;
  const { title = '', abstract = '' } = papers[at] ?? {};
  const found = finder.find(`${title}. ${abstract}`);
  read.concepts.set(at, found);
  return found;
}

/** Names the nearest example, and the first of the examples' concepts that the paper holds, by its term there. */
function reasonsOf(
  profile: LikeProfile,
  read: Read,
  papers: readonly PaperText[],
  at: number,
  finder: ConceptFinder,
): Reason[] {
  const [near] = nearest(profile.examples, read.vectors, at);
  const example = near && profile.titles[near.example];
  const reasons: Reason[] = example ? [{ kind: 'example', text: example, where: 'examples' }] : [];
  const found = conceptsOf(read, papers, at, finder);
  const shared = profile.concepts.find((concept) => found.has(concept.at));
  const place = shared && found.get(shared.at);
  if (place) reasons.push(termReason(papers[at], place));
  return reasons;
}

function termReason(paper: PaperText | undefined, { start, end }: Place): Reason {
  const { title = '', abstract = '' } = paper ?? {};
  if (start < title.length) return { kind: 'related', text: title.slice(start, end), where: 'title' };
  const [from, to] = [start - title.length - 2, end - title.length - 2];
  const text = abstract.slice(from, to).replace(/\s+/g, ' ');
  return { kind: 'related', text, where: 'abstract', snippet: snippetOf(abstract, from, to) };
}
