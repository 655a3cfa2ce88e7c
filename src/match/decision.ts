import { z } from 'zod';
import type { Logistic } from './logistic.ts';

/**
 * What is known of an interest decides which of three models reads the signs: nothing but its words, a meaning too, or
 * a concept of that name.
 */
export type Knowing = 'words' | 'meaning' | 'concept';

/** Signs that a paper is right, and the models that hear them. */
export const SIGNS = {
  words: ['words', 'phrase'],
  meaning: ['words', 'phrase', 'cosine', 'standing'],
  concept: ['shown', 'phrase', 'cosine', 'standing', 'mentions', 'rate'],
} as const;

/** What a paper shows of an interest, each number on its own scale; those that a model does not hear are 0. */
export interface Signs {
  /** Share of the interest's words found, by rarity, saturating, in [0,1]. */
  words: number;
  /** How much the whole of it stands there as it is, or as its acronym, in [0,1]. */
  phrase: number;
  /** Whether the whole of it stands in the title. */
  titled: boolean;
  /** Cosine of the meanings of interest and paper. */
  cosine: number;
  /**
   * The root of the cosine's distance from its mean over known papers, in its standard deviations: what lies far from
   * all that is known is near to everything there.
   */
  standing: number;
  /** What shows best that the paper is about it, the words or the strongest term of the concept, in [0,1]. */
  shown: number;
  /** ln(1 + times any term of the concept stands there). */
  mentions: number;
  /** ln of the share of known titles that name the concept, at least 1 in 1,100: the fit knows none rarer. */
  rate: number;
}

/** One model for each way of knowing an interest. */
export type Decision = Record<Knowing, Logistic>;

const logistic = (signs: number) => z.object({ intercept: z.number(), weights: z.array(z.number()).length(signs) });
const fileSchema = z.object({
  words: logistic(SIGNS.words.length),
  meaning: logistic(SIGNS.meaning.length),
  concept: logistic(SIGNS.concept.length),
});

/** Reads the fitted models; throws where the file has another shape. */
export function readDecision(json: unknown): Decision {
  return fileSchema.parse(json);
}

/**
 * The whole interest in the title is right whatever else is said: of 34 such pairs of the judged days all were. Log-
 * odds of 0.7.
 */
const TITLED = 0.85;

/** Returns the log-odds that the paper is right for the reader; at 0 a newsletter takes it. */
export function logOddsOf({ words, meaning, concept }: Decision, knowing: Knowing, signs: Signs): number {
  const heard = knowing === 'concept' ? concept : knowing === 'meaning' ? meaning : words;
  let odds = heard.intercept;
  const names: readonly Exclude<keyof Signs, 'titled'>[] = SIGNS[knowing];
  for (let at = 0; at < names.length; at++) odds += heard.weights[at]! * signs[names[at]!];
  return signs.titled ? Math.max(odds, TITLED) : odds;
}
