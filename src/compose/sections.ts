import type { Entry } from '../model/digest.ts';
import type { Mover } from '../model/newsletter.ts';
import { links } from '../links/links.ts';
import { cutTwin, readingOf, renderTwin, type Setting } from './pieces.ts';
import type { Twin } from './plate.ts';
import { safeUrl } from './safe-url.ts';
import type { TrendView } from './trend-view.ts';

/** Makes the section of what everyone reads: the heading, then a line each. */
export function trendingOf(setting: Setting, entries: readonly Entry[]): Twin[] {
  const lines = entries.map((entry) => ({ key: String(entry.id), view: () => paperLine(setting, entry, null) }));
  return sectionOf(setting, 'mail.trending', 'paper-line', lines);
}

/** Makes the section of the papers whose upvotes rose most over the week: the heading, then a line each. */
export function moversOf(setting: Setting, movers: readonly Mover[]): Twin[] {
  const lines = movers.map(({ entry, rise }) => ({
    key: `${entry.id} ${rise}`,
    view: () => paperLine(setting, entry, setting.t('mail.rise', { count: rise })),
  }));
  return sectionOf(setting, 'mail.movers', 'paper-line', lines);
}

/** Makes the section of how often the reader's topics were listed lately: the heading, then a line each. */
export function trendsOf(setting: Setting, views: readonly TrendView[]): Twin[] {
  const lines = views.map((view) => ({ key: view.key, view: () => view }));
  return sectionOf(setting, 'mail.trends', 'topic-line', lines);
}

/** A heading and its lines as one piece; none without lines. */
function sectionOf(
  setting: Setting,
  heading: string,
  part: string,
  lines: readonly { key: string; view: () => object }[],
): Twin[] {
  if (lines.length === 0) return [];
  const key = `${heading} ${setting.language} ${lines.map((line) => line.key).join()}`;
  const section = setting.pieces.kept.get(key, () =>
    cutTwin([
      renderTwin(setting, 'section', { heading: setting.t(heading) }),
      ...lines.map((line) => renderTwin(setting, part, line.view())),
    ]),
  );
  return [section];
}

function paperLine({ pieces }: Setting, entry: Entry, note: string | null): object {
  const url = safeUrl(entry.url) ?? links.paper(pieces.config.PUBLIC_URL, entry.paperPublicId);
  return { title: readingOf(pieces, entry).title, url, note };
}
