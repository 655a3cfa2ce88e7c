import { momentText } from '../http/moments.ts';
import { keptText } from '../model/kept-words.ts';
import { OFF_AS_GONE, OFF_BY_HAND } from '../model/why-off.ts';
import type { Saying } from './saying.ts';

/** Words why a webhook was switched off, which is kept in English for programs; what is not known stands as it is. */
export function whyOffText({ words, language }: Pick<Saying, 'words' | 'language'>, because: string): string {
  if (because === OFF_BY_HAND) return words('admin.webhooks.because.hand');
  if (because === OFF_AS_GONE) return words('admin.webhooks.because.gone');
  const [, since = '', problem = ''] = /^it has failed since (\S+), lately: (.*)$/s.exec(because) ?? [];
  if (Number.isNaN(Date.parse(since))) return because;
  return words('admin.webhooks.because.failed', {
    since: momentText(language, new Date(since)),
    problem: keptText(words, problem),
  });
}
