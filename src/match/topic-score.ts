import type { Reason } from '../model/match.ts';
import type { Topic } from '../model/topic.ts';
import { countSequence } from './occurrences.ts';
import type { PaperIndex } from './paper-index.ts';
import { findForms, MAX_REASONS } from './reasons.ts';
import { termStems } from './tokens.ts';

const TITLE_WEIGHT = 3;
/** So many mentions in the abstract are half of what mentions can tell. */
const HALF = 0.8;
/** The score that is as likely right as wrong. */
export const TOPIC_THRESHOLD = 0.25;

/**
 * Scores papers against a topic's profile: each term found is one independent sign (noisy-or), so that a score stays in
 * [0,1], grows with every sign and means the same for long and short profiles.
 */
export function topicScores(index: PaperIndex, topic: Topic): Float32Array {
  const doubt = new Float32Array(index.papers.length).fill(1);
  for (const { term, weight } of termsOf(topic)) {
    countSequence(index, termStems(term), (paper, inTitle, inAbstract) => {
      const count = TITLE_WEIGHT * inTitle + inAbstract;
      doubt[paper] = (doubt[paper] ?? 1) * (1 - (weight * count) / (count + HALF));
    });
  }
  return doubt.map((left) => 1 - left);
}

/** Words a topic's match: the heaviest terms found. */
export function topicReasons(index: PaperIndex, topic: Topic, at: number): Reason[] {
  return termsOf(topic)
    .flatMap(({ term, weight }) => {
      const found = findForms(index, at, [termStems(term)]);
      return found
        ? [{ weight: weight * (found.where === 'title' ? 1.5 : 1), reason: { kind: 'topic' as const, ...found } }]
        : [];
    })
    .sort((a, b) => b.weight - a.weight)
    .slice(0, MAX_REASONS)
    .map(({ reason }) => reason);
}

/** The profile, with the topic's own name as its first term unless it is there already. */
function termsOf(topic: Topic): Topic['profile'] {
  const name = termStems(topic.name).join(' ');
  const named = topic.profile.some(({ term }) => termStems(term).join(' ') === name);
  return named ? topic.profile : [{ term: topic.name, weight: 0.8 }, ...topic.profile];
}
