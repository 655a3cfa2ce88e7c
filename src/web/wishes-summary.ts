import { listTopics } from '../db/interests/topics.ts';
import type { Db } from '../db/client.ts';
import type { SummaryLine } from '../http/notice.ts';
import type { Translate } from '../lib/strings.ts';
import { displayAddress } from '../model/address.ts';
import type { Wish } from '../model/interest.ts';
import type { Preferences } from '../model/subscriber.ts';
import { topicNameIn } from '../model/topic-words.ts';

/** Whose wishes are told, and in which language. */
export interface Asked {
  email: string;
  wishes: readonly Wish[];
  preferences: Pick<Preferences, 'cadence' | 'weekday' | 'hour' | 'timeZone' | 'maxPapers'>;
}

/** A Monday, from which the names of weekdays are counted. */
const A_MONDAY = Date.UTC(2024, 0, 1);

/** Says what somebody asked for, line by line: the address, the subjects, what is left out, and when. */
export async function summaryOf(db: Db, t: Translate, asked: Asked): Promise<SummaryLine[]> {
  const names = new Map((await listTopics(db)).map(({ slug, name }) => [slug, name]));
  const language = t('site.language');
  const textOf = ({ kind, text, like }: Wish) =>
    kind === 'topic' ? topicNameIn(language, text, names.get(text) ?? text) : like ? t('summary.like', { text }) : text;
  const texts = (muted: boolean) => asked.wishes.filter((wish) => wish.muted === muted).map(textOf);
  const [wanted, muted] = [texts(false), texts(true)];
  return [
    { term: t('summary.address'), values: [displayAddress(asked.email)] },
    { term: t('summary.subjects'), values: wanted.length > 0 ? wanted : [t('summary.anything')] },
    ...(muted.length > 0 ? [{ term: t('summary.muted'), values: muted }] : []),
    { term: t('summary.when'), values: whenTexts(t, language, asked.preferences) },
  ];
}

function whenTexts(t: Translate, language: string, preferences: Asked['preferences']): string[] {
  const { cadence, weekday, hour, timeZone, maxPapers } = preferences;
  const day = new Date(A_MONDAY + (weekday - 1) * 86_400_000);
  const name = new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' }).format(day);
  const at = { hour: `${String(hour).padStart(2, '0')}:00`, zone: timeZone.replaceAll('_', ' '), weekday: name };
  return [t(`summary.${cadence}`, at), t('summary.papers', { n: maxPapers })];
}
