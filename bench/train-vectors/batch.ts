import { TITLE_WEIGHT } from '../../src/match/vectors.ts';
import type { Lists } from './compile.ts';
import { randomOf } from './random.ts';
import type { Range } from './multiply.ts';
import { BATCH, Kind } from './schedule.ts';
import type { Side, State } from './state.ts';

/** How often a question's own units are taken out of its paper, so that more than the same word is learned. */
const DELETED = 0.5;
/** How many words a stretch of the title has, one to four: how often at most so many. */
const STRETCHES = [0.25, 0.6, 0.85, 1];

/** Fills the batch's items of a range: units of questions and answers. */
export function fillBatch(state: State, step: number, [from, to]: Range): void {
  const kind = state.schedule.kinds[step]!;
  for (let at = from; at < to; at++) {
    const random = randomOf(step * BATCH + at);
    const item = state.schedule.items[step * BATCH + at]!;
    const paper = paperOf(state, kind, item);
    state.papers[at] = paper;
    state.questions.sizes[at] = 0;
    state.answers.sizes[at] = 0;
    ask(state, kind, item, at, random);
    const whole = kind !== Kind.title && (kind !== Kind.stretch || random() < 0.5);
    if (whole) append(state.answers, at, state.material.titles, paper, TITLE_WEIGHT);
    append(state.answers, at, state.material.abstracts, paper, 1);
    if (kind >= Kind.keyword && random() < DELETED) withoutOwn(state, at);
  }
}

function paperOf({ material }: State, kind: number, item: number): number {
  if (kind === Kind.summary) return material.papersOfSummaries[item]!;
  return kind === Kind.keyword ? material.papersOfKeywords[item]! : item;
}

function ask({ material, questions }: State, kind: number, item: number, at: number, random: () => number): void {
  if (kind === Kind.title) append(questions, at, material.titles, item);
  else if (kind === Kind.summary) append(questions, at, material.summaries, item);
  else if (kind === Kind.keyword) append(questions, at, material.keywords, item);
  else if (kind === Kind.unit) {
    const { starts, rows } = material.abstracts;
    push(questions, at, rows[starts[item]! + Math.floor(random() * (starts[item + 1]! - starts[item]!))]!, 1);
  } else askStretch(questions, at, material.places, item, random);
}

/** Asks for a stretch of the title that begins with one of its units. */
function askStretch(questions: Side, at: number, { starts, rows, counts }: Lists, paper: number, random: () => number) {
  const [from, to] = [starts[paper]!, starts[paper + 1]!];
  const first = Math.floor(counts[from + Math.floor(random() * (to - from))]! / 256);
  const chance = random();
  const end = first + 1 + STRETCHES.findIndex((share) => chance < share);
  for (let place = from; place < to; place++) {
    const begins = Math.floor(counts[place]! / 256);
    if (begins >= first && begins + (counts[place]! % 256) <= end && !holds(questions, at, rows[place]!))
      push(questions, at, rows[place]!, 1);
  }
}

/** Takes a question's units out of its answer, unless nothing would be left. */
function withoutOwn({ questions, answers }: State, at: number): void {
  const from = at * answers.width;
  let kept = 0;
  for (let n = from; n < from + answers.sizes[at]!; n++) if (!holds(questions, at, answers.rows[n]!)) kept++;
  if (kept === 0) return;
  let end = from;
  for (let n = from; n < from + answers.sizes[at]!; n++) {
    if (holds(questions, at, answers.rows[n]!)) continue;
    answers.rows[end] = answers.rows[n]!;
    answers.counts[end++] = answers.counts[n]!;
  }
  answers.sizes[at] = kept;
}

function holds({ sizes, width, rows }: Side, at: number, row: number): boolean {
  for (let n = at * width; n < at * width + sizes[at]!; n++) if (rows[n] === row) return true;
  return false;
}

/** Appends a list; with a weight its counts too, else each unit once, as in an interest. */
function append(side: Side, at: number, { starts, rows, counts }: Lists, list: number, weight?: number): void {
  for (let n = starts[list]!; n < starts[list + 1]!; n++)
    push(side, at, rows[n]!, weight === undefined ? 1 : weight * counts[n]!);
}

function push(side: Side, at: number, row: number, count: number): void {
  const place = at * side.width + side.sizes[at]!++;
  side.rows[place] = row;
  side.counts[place] = count;
}
