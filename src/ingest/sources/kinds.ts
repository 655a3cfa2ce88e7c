import { biorxivJson } from './biorxiv-json.ts';
import { feeds } from './feeds.ts';
import { hfJson } from './hf-json.ts';
import { openreviewJson } from './openreview-json.ts';
import { pageHtml } from './page-html.ts';
import { pageMarkdown } from './page-markdown.ts';
import { pageText } from './page-text.ts';
import { pubmedXml } from './pubmed-xml.ts';
import type { SourceKind } from './source-kind.ts';

/**
 * All kinds of source. The first that recognises a capture reads it, so a special kind stands above a general one:
 * hf-json takes all JSON that is left and page-text all text, to say what was expected.
 */
export const KINDS: readonly SourceKind[] = [
  biorxivJson,
  openreviewJson,
  pubmedXml,
  feeds,
  hfJson,
  pageHtml,
  pageMarkdown,
  pageText,
];

/** What programs write in front about themselves. */
const COMMENTS = /^(?:\s*<!--(?:[^-]|-(?!->))*-->)+/;

/** Tells by its content which kind a capture is of. */
export function kindOf(text: string): SourceKind {
  const start = text.slice(0, 10_000).replace(COMMENTS, '').trimStart().slice(0, 1000);
  return KINDS.find((one) => one.recognises(start, text)) ?? pageText;
}
