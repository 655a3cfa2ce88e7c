/** A term of a topic's profile. */
export interface TopicTerm {
  term: string;
  /** How surely a paper that is about this term belongs to the topic, in (0,1]. */
  weight: number;
}

/** A curated subject. */
export interface Topic {
  slug: string;
  name: string;
  /** Heading it stands under: machine learning, language, vision … */
  field: string;
  /** One line for readers. */
  description: string;
  profile: TopicTerm[];
  /** arXiv categories it is mostly found in: cs.LG, stat.ML … */
  arxivCategories: string[];
}
