/** A subject as readers name it, with what papers about it name. */
export interface Concept {
  /** What a reader would type. */
  name: string;
  /** Other names of the very same. */
  also: string[];
  /** Narrower or equal things: a paper about one of them is a paper for whoever asked for the concept. */
  terms: string[];
  /** Names of the concepts that contain it, whose readers get its papers too. */
  broader: string[];
  /** Given where readers can pick it from a list. */
  topic?: ConceptTopic | undefined;
}

/** What a reader sees of a concept that can be picked, beside its name. */
export interface ConceptTopic {
  slug: string;
  /** Heading it stands under: machine learning, language, vision … */
  field: string;
  /** One line for readers. */
  description: string;
  /** arXiv categories it is mostly found in: cs.LG, stat.ML … */
  arxivCategories: string[];
}
