import type { Translate } from '../lib/strings.ts';

/** Names the feed of everything among those of the topics; no topic's slug is a single plain word for all. */
export const ALL_PAPERS = 'all';

/** A feed as a page's head names it. */
export interface FeedLink {
  type: string;
  title: string;
  href: string;
}

/** Names the feeds that belong to a page, for programs that look for them: a topic's first, then that of all papers. */
export function feedLinks(t: Translate, name: string, topic?: { slug: string; name: string }): FeedLink[] {
  const feeds = [...(topic ? [topic] : []), { slug: ALL_PAPERS, name: t('feeds.all.name') }];
  return feeds.flatMap(({ slug, name: of }) => [
    { type: 'application/atom+xml', title: t('feeds.topic.title', { topic: of, name }), href: `/feeds/${slug}.xml` },
    { type: 'application/feed+json', title: t('feeds.topic.title', { topic: of, name }), href: `/feeds/${slug}.json` },
  ]);
}
