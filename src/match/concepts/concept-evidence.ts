import type { TermFound } from './find-terms.ts';
import type { Lexicon } from './lexicon.ts';

/** What a paper says of one concept by the concept's terms. */
export interface ConceptEvidence {
  /** The strongest term: place × saturated count × how much the term tells, in [0,1). */
  strength: number;
  /** Times any of its terms stands there. */
  mentions: number;
  /** The strongest term; of two alike the one of more words. */
  term: number;
}

/**
 * What stands in the title is the subject, in a sentence that says what the paper does almost; the rest is mentioned.
 */
const TITLE = 1;
const STATED = 0.6;
const MENTIONED = 0.35;
/** So many further mentions count half of what counting can add. */
const HALF = 0.5;

/**
 * Gathers what the terms found say of each concept: a term speaks for its own concepts and for all that contain them.
 */
export function conceptEvidence(
  { terms, conceptsOf, upwards }: Pick<Lexicon, 'terms' | 'conceptsOf' | 'upwards'>,
  found: Iterable<TermFound>,
  weightOf: (term: number) => number,
): Map<number, ConceptEvidence> {
  const evidence = new Map<number, ConceptEvidence>();
  for (const one of found) {
    const mentions = one.title + one.stated + one.mentioned;
    const strength = placeOf(one) * (mentions / (mentions + HALF)) * weightOf(one.term);
    const spokenFor = new Set([...conceptsOf(one.term)].flatMap((concept) => [...upwards(concept)]));
    for (const concept of spokenFor) {
      const known = evidence.get(concept);
      if (!known) evidence.set(concept, { strength, mentions, term: one.term });
      else {
        known.mentions += mentions;
        const longer = terms.wordsOf(one.term) > terms.wordsOf(known.term);
        if (strength > known.strength || (strength === known.strength && longer))
          Object.assign(known, { strength, term: one.term });
      }
    }
  }
  return evidence;
}

function placeOf({ title, stated }: TermFound): number {
  return title > 0 ? TITLE : stated > 0 ? STATED : MENTIONED;
}
