import { mondayOfWeek } from '../model/edition.ts';
import { asDate } from '../lib/time.ts';
import type { Translate } from '../lib/strings.ts';

/** Names an edition for people: «Daily, Saturday 28 November 2026». */
export function editionName(key: string, words: Translate, language: string): string {
  const [kind = '', date = ''] = key.split(':');
  if (kind === 'welcome') return words('admin.editions.name.welcome', { n: date });
  const day = kind === 'weekly' ? mondayOfWeek(date) : date;
  const long = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
    ...{ timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' },
    ...(kind === 'daily' ? { weekday: 'long' as const } : {}),
  }).format(asDate(day));
  return words(`admin.editions.name.${kind}`, { date: long });
}
