import type { ConceptTopic } from './concept.ts';

/** What an operator made of a topic: how it is called, what is said of it, and the terms that its papers name. */
export interface TopicEdit {
  slug: string;
  name: string;
  description: string;
  terms: string[];
}

/** A concept that readers can pick from a list. */
export interface Topic extends ConceptTopic {
  name: string;
}
