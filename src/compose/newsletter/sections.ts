import type { Entry } from '../../model/digest.ts';
import type { Mover } from '../../model/newsletter.ts';
import { links } from '../../links/links.ts';
import { cutPair, readingOf, renderPair, type CardContext } from './fragment-cache.ts';
import type { FragmentPair } from '../wire/stencil.ts';
import { safeUrl } from '../text/safe-url.ts';
import type { TrendView } from './trend-view.ts';

/** Makes the section of what everyone reads: the heading, then a line each. */
export function trendingOf(context: CardContext, entries: readonly Entry[]): FragmentPair[] {
  const lines = entries.map((entry) => ({ key: String(entry.id), view: () => paperLine(context, entry, null) }));
  return sectionOf(context, 'mail.trending', 'paper-line', lines);
}

/** Makes the section of the papers whose upvotes rose most over the week: the heading, then a line each. */
export function moversOf(context: CardContext, movers: readonly Mover[]): FragmentPair[] {
  const lines = movers.map(({ entry, rise }) => ({
    key: `${entry.id} ${rise}`,
    view: () => paperLine(context, entry, context.t('mail.rise', { count: rise })),
  }));
  return sectionOf(context, 'mail.movers', 'paper-line', lines);
}

/** Makes the section of how often the reader's topics were listed lately: the heading, then a line each. */
export function trendsOf(context: CardContext, views: readonly TrendView[]): FragmentPair[] {
  const lines = views.map((view) => ({ key: view.key, view: () => view }));
  return sectionOf(context, 'mail.trends', 'topic-line', lines);
}

/** A heading and its lines as one piece; none without lines. */
function sectionOf(
  context: CardContext,
  heading: string,
  part: string,
  lines: readonly { key: string; view: () => object }[],
): FragmentPair[] {
  if (lines.length === 0) return [];
  const key = `${heading} ${context.language} ${lines.map((line) => line.key).join()}`;
  const section = context.cache.kept.get(key, () =>
    cutPair([
      renderPair(context, 'section', { heading: context.t(heading) }),
      ...lines.map((line) => renderPair(context, part, line.view())),
    ]),
  );
  return [section];
}

function paperLine({ cache }: CardContext, entry: Entry, note: string | null): object {
  const url = safeUrl(entry.url) ?? links.paper(cache.config.PUBLIC_URL, entry.paperPublicId);
  return { title: readingOf(cache, entry).title, url, note };
}
