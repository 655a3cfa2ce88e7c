import type { ConceptTopic } from './concept.ts';

/** A concept that readers can pick from a list. */
export interface Topic extends ConceptTopic {
  name: string;
}
