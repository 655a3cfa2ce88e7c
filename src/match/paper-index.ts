import { atOnce, type Steps } from '../lib/slices.ts';
import type { PaperText } from '../model/paper.ts';
import { clausesOf } from './clauses.ts';
import { readSentences, type Sentence } from './statements.ts';
import { tokenize, type Token } from './tokens.ts';

/** Where a term stands: one row per paper that has it, places in one flat array. */
export interface Posting {
  /** Papers (their places in the index), ascending. */
  papers: number[];
  /** Start of each paper's places in `places`; one more than papers. */
  starts: number[];
  /** Word positions; those of the abstract start at ABSTRACT_AT. */
  places: number[];
}

/** Papers made searchable by word and position. */
export interface PaperIndex {
  papers: readonly PaperText[];
  /** A word of the title counts as much as so many of the abstract. */
  titleWeight: number;
  postings: ReadonlyMap<string, Posting>;
  /** By the folded word the forms in capitals it has here: `gan` has `=GAN` and `=GaN`. */
  capitals: ReadonlyMap<string, readonly string[]>;
  /** Words per paper, title and abstract. */
  lengths: Float32Array;
  /** Start and end of each word in its text, in pairs, per paper. */
  titleSpans: Uint32Array[];
  abstractSpans: Uint32Array[];
  /** The clause each word stands in, per paper: no phrase reaches from one into the next. */
  titleClauses: Uint16Array[];
  abstractClauses: Uint16Array[];
  /** 1 for each word of the abstract in a sentence that says what the paper does, per paper. */
  stated: Uint8Array[];
}

/** First position of the abstract's words; a longer title is cut. */
export const ABSTRACT_AT = 1_000;

/** Most words of an abstract that are indexed. */
const MAX_ABSTRACT_WORDS = 3_000;

/** Weighs a word of the title; chosen by hand, see docs/relevance.md. */
const TITLE_WEIGHT = 3;

/** A paper's words, as far as they are indexed, with its text. */
export interface PaperWords {
  paper: PaperText;
  title: readonly Token[];
  abstract: readonly Token[];
  /** The clause each word stands in. */
  titleClauses: Uint16Array;
  abstractClauses: Uint16Array;
  sentences: readonly Sentence[];
}

/** Reads a paper into words and sentences. */
export function readPaper(paper: PaperText): PaperWords {
  const title = tokenize(paper.title).slice(0, ABSTRACT_AT - 1);
  const abstract = tokenize(paper.abstract).slice(0, MAX_ABSTRACT_WORDS);
  return {
    paper,
    title,
    abstract,
    titleClauses: clausesOf(paper.title, title),
    abstractClauses: clausesOf(paper.abstract, abstract),
    sentences: readSentences(paper.abstract),
  };
}

/** Builds the index of title and abstract; linear in the text. */
export function indexPapers(papers: readonly PaperWords[], titleWeight?: number): PaperIndex {
  return atOnce(indexSteps(papers, titleWeight));
}

/** Builds the same by steps. */
export function* indexSteps(papers: readonly PaperWords[], titleWeight = TITLE_WEIGHT): Steps<PaperIndex> {
  const postings = new Map<string, Posting>();
  const lengths = new Float32Array(papers.length);
  const titleSpans: Uint32Array[] = [];
  const abstractSpans: Uint32Array[] = [];
  const stated: Uint8Array[] = [];
  for (const [paper, { title, abstract, sentences }] of papers.entries()) {
    addTokens(postings, paper, title, 0);
    addTokens(postings, paper, abstract, ABSTRACT_AT);
    titleSpans.push(spansOf(title));
    abstractSpans.push(spansOf(abstract));
    stated.push(statedWords(abstract, sentences));
    lengths[paper] = title.length + abstract.length;
    yield;
  }
  for (const posting of postings.values()) posting.starts.push(posting.places.length);
  return {
    papers: papers.map(({ paper }) => paper),
    titleWeight,
    postings,
    capitals: capitalsOf(postings),
    lengths,
    titleSpans,
    abstractSpans,
    titleClauses: papers.map(({ titleClauses }) => titleClauses),
    abstractClauses: papers.map(({ abstractClauses }) => abstractClauses),
    stated,
  };
}

function capitalsOf(postings: ReadonlyMap<string, Posting>): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const term of postings.keys()) {
    if (!term.startsWith('=')) continue;
    const word = term.slice(1).toLowerCase();
    found.set(word, [...(found.get(word) ?? []), term]);
  }
  return found;
}

function statedWords(tokens: readonly Token[], sentences: readonly Sentence[]): Uint8Array {
  let sentence = 0;
  return Uint8Array.from(tokens, ({ start }) => {
    while (sentence < sentences.length - 1 && start >= (sentences[sentence]?.end ?? 0)) sentence++;
    return sentences[sentence]?.states ? 1 : 0;
  });
}

function spansOf(tokens: readonly Token[]): Uint32Array {
  return Uint32Array.from(tokens.flatMap(({ start, end }) => [start, end]));
}

function addTokens(postings: Map<string, Posting>, paper: number, tokens: readonly Token[], from: number): void {
  for (const [at, token] of tokens.entries()) {
    add(postings, token.stem, paper, from + at);
    if (token.part !== null && token.part !== token.stem) add(postings, token.part, paper, from + at);
    if (token.prefix !== null && token.prefix !== token.stem) add(postings, token.prefix, paper, from + at);
    if (token.capital !== null) add(postings, token.capital, paper, from + at);
  }
}

function add(postings: Map<string, Posting>, term: string, paper: number, place: number): void {
  let posting = postings.get(term);
  if (!posting) postings.set(term, (posting = { papers: [], starts: [], places: [] }));
  if (posting.papers.at(-1) !== paper) {
    posting.papers.push(paper);
    posting.starts.push(posting.places.length);
  }
  posting.places.push(place);
}
