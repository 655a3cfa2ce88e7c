import { languageName, languages, type Translate } from '../lib/strings.ts';
import { topicsIn } from '../model/topic-words.ts';
import { listedZones, todaysZone } from '../lib/time-zones.ts';
import { SELECTIVITIES } from '../model/match.ts';
import { CADENCES, MAX_PAPERS_LIMIT } from '../model/subscriber.ts';
import type { FormField, FormValues } from './form-values.ts';
import { findableAs } from './topic-search.ts';

/** What the form needs to know of a topic. */
export interface TopicChoice {
  slug: string;
  name: string;
  field: string;
  description: string;
  /** No longer on offer, yet held by the reader. */
  retired?: boolean;
}

/** What is wrong with the form: a sentence for each field. */
export type Problems = Partial<Record<FormField | 'newEmail' | 'sure' | 'until', string>>;

const LABELS: Record<string, string> = {
  newEmail: 'preferences.address.label',
  sure: 'preferences.erase.heading',
  until: 'preferences.pause.until',
};

/** Prepares everything the partials `interests` and `schedule` show. */
export function formView(
  t: Translate,
  language: string,
  topics: TopicChoice[],
  values: FormValues,
  problems: Problems,
  guessZone: boolean,
) {
  const choose = (value: string, chosen: string) => (label: string) => ({ value, label, chosen: value === chosen });
  return {
    values,
    problems: withBlanks(problems),
    problemList: problemList(t, problems),
    fields: topicFields(t, language, topics, new Set(values.topics)),
    cadences: CADENCES.map((cadence) => choose(cadence, values.cadence)(t(`form.cadence.${cadence}`))),
    weekdays: [1, 2, 3, 4, 5, 6, 7].map((day) => choose(String(day), values.weekday)(weekdayName(language, day))),
    hours: Array.from({ length: 24 }, (_, hour) => choose(String(hour), values.hour)(hourName(hour))),
    zones: zoneGroups(values.timeZone),
    languageChoices: languages().map((code) => choose(code, values.language)(languageName(code))),
    maxPapersLimit: MAX_PAPERS_LIMIT,
    selectivities: SELECTIVITIES.map((line) => ({
      ...choose(line, values.selectivity)(t(`form.selectivity.${line}`)),
      hint: t(`form.selectivity.${line}.hint`),
    })),
    perhaps: values.perhaps === 'yes',
    guessZone,
  };
}

const weekdayFormats = new Map<string, Intl.DateTimeFormat>();

/** Names a weekday (1 = Monday) in a language. */
export function weekdayName(language: string, day: number): string {
  const kept = weekdayFormats.get(language);
  const format = kept ?? new Intl.DateTimeFormat(language, { weekday: 'long', timeZone: 'UTC' });
  if (!kept) weekdayFormats.set(language, format);
  return format.format(new Date((3 + day) * 86_400_000)); // 5 January 1970 was a Monday
}

/** Strict templates want every field to exist. */
function withBlanks(problems: Problems): Record<string, string> {
  const fields =
    'topics interests authors organizations muted like cadence weekday hour maxPapers selectivity perhaps timeZone language email newEmail sure until';
  return { ...Object.fromEntries(fields.split(' ').map((name) => [name, ''])), ...problems };
}

function problemList(t: Translate, problems: Problems) {
  return Object.entries(problems).map(([field, text]) => ({
    anchor: ['topics', 'cadence', 'selectivity'].includes(field) ? `field-${field}` : field,
    label: t(LABELS[field] ?? `form.${field}.label`),
    text,
  }));
}

/**
 * Fields with a chosen topic are open; the others are a line each, so that the page stays short. Retired topics come
 * first, apart.
 */
function topicFields(t: Translate, language: string, topics: TopicChoice[], chosen: Set<string>) {
  const english = new Map(topics.map(({ slug, name }) => [slug, name]));
  const worded = topicsIn(language, topics);
  const groups = new Map<string, TopicChoice[]>();
  const retired = worded.filter((topic) => topic.retired);
  if (retired.length > 0) groups.set(t('form.topics.retired'), retired);
  for (const topic of worded) {
    if (!topic.retired) groups.set(topic.field, [...(groups.get(topic.field) ?? []), topic]);
  }
  return [...groups].map(([name, members]) => {
    const count = members.filter((topic) => chosen.has(topic.slug)).length;
    return {
      name: name.charAt(0).toUpperCase() + name.slice(1),
      note: members === retired ? t('form.topics.retiredNote') : '',
      open: count > 0,
      count: t('form.topics.count', { total: members.length, chosen: count }),
      total: t('form.topics.count', { total: members.length, chosen: 0 }),
      topics: members.map((topic) => ({
        slug: topic.slug,
        name: topic.name,
        description: topic.description,
        find: findableAs(topic, english.get(topic.slug) ?? topic.name),
        chosen: chosen.has(topic.slug),
      })),
    };
  });
}

function hourName(hour: number): string {
  return `${String(hour).padStart(2, '0')}:00`;
}

/** Zones by region, under the names they have today; a name that is not on the list is put first on its own. */
function zoneGroups(given: string) {
  const regions = new Map<string, { value: string; label: string; also: string; chosen: boolean }[]>();
  const chosen = todaysZone(given) ?? given;
  const all = listedZones();
  const foreign = chosen && !all.some(({ name }) => name === chosen) ? [{ name: chosen, also: '' }] : [];
  for (const { name, also } of [...foreign, ...all]) {
    const cut = name.indexOf('/');
    const region = cut < 0 ? 'UTC' : name.slice(0, cut);
    const label = name.slice(cut + 1).replaceAll('_', ' ');
    const zone = { value: name, label, also, chosen: name === chosen };
    const zones = regions.get(region);
    if (zones) zones.push(zone);
    else regions.set(region, [zone]);
  }
  return [...regions].map(([region, zones]) => ({ region, zones }));
}
