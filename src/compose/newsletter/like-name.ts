import type { Translate } from '../../lib/strings.ts';
import type { LikeName } from '../../model/newsletter.ts';
import { cleanText, shorten } from '../text/clean-text.ts';
import { latexToText } from '../text/latex-to-text.ts';
import { plainOf } from '../text/marked-text.ts';

/** Names an interest in papers like examples by the first two of them. */
export function likeName(t: Translate, { titles, count }: LikeName): string {
  const [first = '', second = ''] = titles.map((title) => shorten(plainOf(latexToText(cleanText(title), 'title')), 50));
  return t('like.name', { first, second, count, more: count - 2 });
}
