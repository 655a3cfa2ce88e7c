import { keepWhileUsed } from '../lib/keep-while-used.ts';
import { atOnce, inSlices, type Steps } from '../lib/slices.ts';
import type { Concept } from '../model/concept.ts';
import type { TopicEdit } from '../model/topic.ts';
import { readFileConcepts, readOwnSteps, withOwn, type FileConcepts } from './concepts/own-concepts.ts';
import { openConceptVectors, type ConceptVectors } from './concepts/concept-vectors.ts';
import { editionOfEdits, withEdits } from './concepts/topic-edits.ts';
import { layOutLexicon, type Lexicon } from './concepts/lexicon.ts';
import { openShippedLexicon } from './concepts/shipped-lexicon.ts';
import { readDecision, type Decision } from './decision.ts';
import type { Equivalents } from './equivalents.ts';
import { readOwnEquivalents, readSeed } from './own-equivalents.ts';
import { loadVectors, type Vectors } from './vectors.ts';

/** What the matcher knows of the language of papers before it has seen one; see docs/relevance.md. */
export interface Knowledge {
  vectors: Vectors;
  lexicon: Lexicon;
  conceptVectors: ConceptVectors;
  /** How much a term tells, in [0,1]: that of a word which nearly all papers hold is nothing. */
  termWeight: (term: number) => number;
  /** Acronyms and twin terms. */
  equivalents: Equivalents;
  /** Another number for each state of the operator's own concepts; 0 without. */
  edition: number;
  decision: Decision;
  /** ln of the share of known titles that name a concept, by the concept's name. */
  rateOf: (concept: string) => number;
}

/** It is read again in a tenth of a second, and twenty megabytes of what an idle process would hold. */
const QUIET_MS = 30_000;

const loaded = keepWhileUsed<Knowledge>(QUIET_MS);
const loading = new Map<string, Steps<Knowledge>>();

/** What operators made of topics, as this process heeds it; taken up from the database by live-topics.ts. */
let heeded: readonly TopicEdit[] = [];

/**
 * Loads what is shipped in seeds/, with an operator’s own concepts and edited topics in it, once per process and state
 * of these; what `readKnowledge` has begun is brought to its end. Throws AppError bad-input where the operator's file
 * cannot be used.
 */
export function loadKnowledge(conceptsFile?: string): Knowledge {
  return loadWith(conceptsFile, heeded);
}

function loadWith(conceptsFile: string | undefined, edits: readonly TopicEdit[]): Knowledge {
  const key = keyOf(conceptsFile, edits);
  return loaded.get(key) ?? atOnce(loading.get(key) ?? loadSteps(conceptsFile, edits));
}

/** Loads the same in slices, so that the process can do other work meanwhile. */
export async function readKnowledge(conceptsFile?: string, edits = heeded): Promise<Knowledge> {
  const key = keyOf(conceptsFile, edits);
  if (!loaded.get(key) && !loading.has(key)) {
    const steps = loadSteps(conceptsFile, edits);
    loading.set(key, steps);
    await inSlices(steps).finally(() => loading.delete(key));
  }
  return loadWith(conceptsFile, edits);
}

/** What is in force at one moment: its edition at once, the rest where it is needed. */
export interface KnowledgeInForce {
  edition: number;
  read: () => Promise<Knowledge>;
}

/** Tells what knowledge is in force now, without reading it. */
export function knowledgeInForce(conceptsFile?: string): KnowledgeInForce {
  const edits = heeded;
  const edition = editionOf(conceptsFile === undefined ? null : ownOf(conceptsFile), edits);
  return { edition, read: () => readKnowledge(conceptsFile, edits) };
}

/**
 * Heeds other edits from now on. Where knowledge was in use, the new one is read in slices first, and the old one is
 * let go.
 */
export async function heedTopicEdits(conceptsFile: string | undefined, edits: readonly TopicEdit[]): Promise<void> {
  const [before, after] = [keyOf(conceptsFile, heeded), keyOf(conceptsFile, edits)];
  if (before === after) return;
  if (loaded.get(before)) await readKnowledge(conceptsFile, edits);
  heeded = edits;
  loaded.delete(before);
}

/** Opens the knowledge with one more edit in it, for a look at what it would do; it is not kept. */
export async function tryTopicEdit(conceptsFile: string | undefined, edit: TopicEdit): Promise<Knowledge> {
  const edits = [...heeded.filter(({ slug }) => slug !== edit.slug), edit];
  return inSlices(openWith(conceptsFile, edits));
}

function keyOf(conceptsFile: string | undefined, edits: readonly TopicEdit[]): string {
  return `${editionOfEdits(edits)} ${conceptsFile ?? ''}`;
}

function* loadSteps(conceptsFile: string | undefined, edits: readonly TopicEdit[]): Steps<Knowledge> {
  const knowledge = yield* openWith(conceptsFile, edits);
  loaded.set(keyOf(conceptsFile, edits), knowledge);
  return knowledge;
}

function* openWith(conceptsFile: string | undefined, edits: readonly TopicEdit[]): Steps<Knowledge> {
  if (conceptsFile === undefined && edits.length === 0) return yield* openSteps(openShippedLexicon);
  const own = conceptsFile === undefined ? null : ownOf(conceptsFile);
  const shipped = yield* readOwnSteps();
  const concepts = own ? withOwn(shipped, own.concepts, conceptsFile ?? '') : shipped;
  const all = withEdits(concepts, edits);
  const opened = yield* openSteps((acronyms) => layOutLexicon(all, acronyms));
  return { ...opened, edition: editionOf(own, edits) };
}

const ownFiles = new Map<string, FileConcepts>();

/** An operator's file counts as it stood when this process first read it. */
function ownOf(conceptsFile: string): FileConcepts {
  const own = ownFiles.get(conceptsFile) ?? readFileConcepts(conceptsFile);
  ownFiles.set(conceptsFile, own);
  return own;
}

function editionOf(own: FileConcepts | null, edits: readonly TopicEdit[]): number {
  if (!own && edits.length === 0) return 0;
  return ((own?.edition ?? 0) ^ editionOfEdits(edits)) & MOST_EDITION || 1;
}

/** Editions have 20 bits: a thousand times as many is a version that the database can hold. */
const MOST_EDITION = 0xfffff;

/** Opens the shipped knowledge with other concepts. */
export function openKnowledge(concepts: readonly Concept[]): Knowledge {
  return atOnce(openSteps((acronyms) => layOutLexicon(concepts, acronyms)));
}

function* openSteps(layOut: (acronyms: Equivalents) => Steps<Lexicon>): Steps<Knowledge> {
  const vectors = loadVectors();
  yield;
  const equivalents = readOwnEquivalents();
  yield;
  const lexicon = yield* layOut(equivalents);
  yield;
  return {
    ...{ vectors, lexicon, equivalents, edition: 0 },
    termWeight: weighTerms(lexicon, vectors),
    conceptVectors: openConceptVectors(vectors, lexicon),
    decision: readDecision(readSeed('decision.json')),
    rateOf: readRates(readSeed('concept-rates.json') as Rates),
  };
}

/** Rarities of its words of that sum tell all there is to tell. */
const TELLING = 9;

function weighTerms({ terms }: Lexicon, { table, papersWithUnit, texts }: Vectors): (term: number) => number {
  const rarityOf = (stem: string) => {
    const row = table.rows.get(stem);
    return Math.log((texts + 1) / ((row === undefined ? 0 : papersWithUnit[row]!) + 0.5));
  };
  const weightOf = (key: string) =>
    Math.min(1, key.split(' ').reduce((sum, stem) => sum + rarityOf(stem), 0) / TELLING);
  const weights = new Float32Array(terms.length).fill(NaN); // until they are asked for: few of the terms ever are
  return (term) => {
    if (Number.isNaN(weights[term]!)) weights[term] = weightOf(terms.at(term)?.key ?? '');
    return weights[term]!;
  };
}

/** How many of so many titles name each concept; made by `bench/count-corpus.ts`. */
interface Rates {
  titles: number;
  concepts: Record<string, number>;
}

/** A concept that was not counted, such as an operator's own, is taken to be as frequent as the median one. */
function readRates({ titles, concepts }: Rates): (concept: string) => number {
  const counts = Object.values(concepts).sort((a, b) => a - b);
  const median = counts[counts.length >> 1] ?? 0;
  return (concept) => Math.log(((concepts[concept] ?? median) + 0.5) / (titles + 1));
}
