import type { LikeProblem } from './like-wish.ts';

/** A field that cannot be used and what was expected; `field` may name a place in a list: `interests.2`. */
export interface FieldProblem {
  field: string;
  expected: string;
  /** What is wrong with papers given as examples, to be put in the visitor's words. */
  like?: LikeProblem;
}

export type Checked<T> = { ok: true; value: T } | { ok: false; problems: FieldProblem[] };
