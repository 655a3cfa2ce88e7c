import type { Lists } from './compile.ts';
import type { Range } from './multiply.ts';
import { BATCH } from './schedule.ts';
import type { State } from './state.ts';

/** Finds, for questions of a range, other answers whose papers hold all units of the question: they are not wrong. */
export type FindHolders = (range: Range, found: (question: number, answer: number) => void) => void;

/** Keeps the memory that it takes from step to step. */
export function holderFinder({ units, questions, papers, material }: State): FindHolders {
  const first = new Int32Array(units).fill(-1); // of the chain of answers that hold a unit; -2: none yet
  const next: number[] = [];
  const answers: number[] = [];
  const counts = new Uint16Array(BATCH);

  return ([from, to], found) => {
    next.length = answers.length = 0;
    eachUnit(from, to, (row) => (first[row] = -2));
    for (let answer = 0; answer < BATCH; answer++) {
      chain(material.titles, answer);
      chain(material.abstracts, answer);
    }
    for (let question = from; question < to; question++) {
      counts.fill(0);
      eachUnit(question, question + 1, (row) => {
        for (let at = first[row]!; at >= 0; at = next[at]!) counts[answers[at]!]!++;
      });
      const all = questions.sizes[question]!;
      for (let answer = 0; answer < BATCH; answer++)
        if (counts[answer] === all && answer !== question) found(question, answer);
    }
    eachUnit(from, to, (row) => (first[row] = -1));
  };

  function eachUnit(from: number, to: number, use: (row: number) => void): void {
    const { width, sizes, rows } = questions;
    for (let question = from; question < to; question++)
      for (let at = question * width; at < question * width + sizes[question]!; at++) use(rows[at]!);
  }

  function chain({ starts, rows }: Lists, answer: number): void {
    const paper = papers[answer]!;
    for (let at = starts[paper]!; at < starts[paper + 1]!; at++) {
      const head = first[rows[at]!]!;
      if (head === -1 || (head >= 0 && answers[head] === answer)) continue;
      first[rows[at]!] = answers.push(answer) - 1;
      next.push(head);
    }
  }
}
