/** Papers a page of arXiv's API; it allows 2,000 and asks for less (https://info.arxiv.org/help/api/user-manual.html). */
const PAGE = 200;
const ARXIV_FEED = /^https:\/\/(?:rss|export)\.arxiv\.org\/(?:rss|atom)\/([a-z.+-]{2,500})$/i;

/**
 * Returns how the list of a past day is asked for at a source; null where it tells its newest items alone. Of arXiv's
 * feeds that is its API: what was submitted on that day (UTC).
 */
export function pastRequest(location: string): ((day: string) => string) | null {
  if (location.includes('{date}')) return (day) => location.replaceAll('{date}', day);
  const categories = ARXIV_FEED.exec(location)?.[1];
  if (categories === undefined) return null;
  const wanted = categories
    .split('+')
    .map((name) => (name.includes('.') ? `cat:${name}` : `cat:${name}+OR+cat:${name}.*`));
  return (day) => {
    const date = day.replaceAll('-', '');
    const query = `(${wanted.join('+OR+')})+AND+submittedDate:[${date}0000+TO+${date}2359]`;
    const order = 'sortBy=submittedDate&sortOrder=ascending';
    return `https://export.arxiv.org/api/query?search_query=${query}&${order}&start=0&max_results=${PAGE}`;
  };
}
