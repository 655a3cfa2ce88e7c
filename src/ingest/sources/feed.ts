/** A feed of any kind, in one shape. Texts are as written, markup and white space included. */
export interface Feed {
  title: string;
  /** Its own page, '' where it names none. */
  link: string;
  /** When the feed was made, as it writes it; '' where it does not say. */
  updated: string;
  items: FeedItem[];
}

/** One item of a feed; '' or [] where it does not say. */
export interface FeedItem {
  id: string;
  title: string;
  link: string;
  /** What it says of itself, shortest first. */
  summaries: string[];
  published: string;
  creators: string[];
  /** Where its DOI stands, as written. */
  identifiers: string[];
  keywords: string[];
  /** arXiv: new, cross, replace, replace-cross. */
  announceType: string;
  /** arXiv: the authors' comment. */
  comment: string;
}
