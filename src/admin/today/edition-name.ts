import { dateInWords } from '../../compose/text/dates.ts';
import type { Translate } from '../../lib/strings.ts';
import { editionKind } from '../../model/edition.ts';

/** Names an edition for people: «Daily, 28 November 2026», «Week 1 of 2026», «Welcome, first time». */
export function editionName(key: string, language: string, words: Translate): string {
  const rest = key.slice(key.indexOf(':') + 1);
  const kind = editionKind(key);
  if (kind === 'daily') return words('admin.edition.daily', { date: dateInWords(rest, language, 'long') });
  if (kind === 'welcome') return words('admin.edition.welcome', { n: Number(rest) });
  const [year = '', week = ''] = rest.split('-W');
  return words('admin.edition.weekly', { year, week: String(Number(week)) });
}
