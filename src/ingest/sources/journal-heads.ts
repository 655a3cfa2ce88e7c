/** How journals begin a description before the abstract, with whom and what they name there. */
const HEADS: readonly RegExp[] = [
  // PLOS
  /^\s*<p>\s*by (?<names>[^<]{1,20000})<\/p>/i,
  // the American Physical Society
  /^\s*Author\(s\): (?<names>[^<]{1,20000})<br\s*\/?>/i,
  // MDPI
  /^\s*<p><b>[^<]{1,500}<\/b><\/p>\s*<p>[^<]{1,200}<a\b[^<>]{0,300}>(?<doi>doi:[^<]{1,200})<\/a><\/p>\s*<p>Authors:(?<names>[^<]{0,20000})<\/p>/i,
  // the Royal Society of Chemistry
  /^\s*<div><i><b>[^<]{1,100}<\/b><\/i>[^<]{0,100}(?:<b>[^<]{1,20}<\/b>[^<]{0,100})?<br\s*\/?>\s*<b>DOI<\/b>:\s*(?<doi>10\.[^<,]{1,200}),[^<]{0,60}<\/div>\s*(?:<div><img\b[^<>]{0,500}><\/div>\s*)?<div>(?<names>[^<]{1,20000})<br\s*\/?>/i,
  // Copernicus
  /^\s*<b>[^<]{1,500}<\/b><br\s*\/?>(?<names>[^<]{1,20000})<br\s*\/?>[^<]{1,100}, (?<doi>https:\/\/doi\.org\/10\.[^<,\s]{1,100}), \d{4}<br\s*\/?>/i,
];
/** A bold heading right before its text, as Oxford writes it: «<strong>Results</strong>Kelp grows». */
const BOLD_HEADING = /<(strong|b)>(\p{Lu}[\p{L} &/,]{2,40}:?)<\/\1>(?=\p{Lu})/gu;
const BOX_TITLE = /<div class="boxTitle">([^<]{1,60})<\/div>/g;

/**
 * Parts what a journal puts before an abstract: returns the authors and the DOI named there, '' where there are none,
 * and the rest, headings marked as such.
 */
export function partHead(markup: string): { names: string; identifier: string; body: string } {
  const head = HEADS.map((pattern) => pattern.exec(markup)).find((found) => found !== null);
  const { names = '', doi = '' } = head?.groups ?? {};
  const rest = markup.slice(head?.[0].length ?? 0);
  const body = rest.replace(BOX_TITLE, '<h6>$1</h6>').replace(BOLD_HEADING, '<h6>$2</h6>');
  return { names: linesOf(names).join(', '), identifier: doi, body };
}

function linesOf(text: string): string[] {
  return text.split('\n').flatMap((line) => line.trim() || []);
}
