import type { Request } from 'express';
import type { Context } from '../context.ts';
import { listTopics } from '../db/interests/topics.ts';
import type { ListedSubscriber } from '../db/subscribers/list.ts';
import { fieldsOf, first } from '../http/bodies.ts';
import { isString, languageName, languages } from '../lib/strings.ts';
import { SELECTIVITIES } from '../model/match.ts';
import { CADENCES, MAX_PAPERS_LIMIT } from '../model/subscriber.ts';
import { linesOf, mutedText } from '../model/wish-lines.ts';
import type { Checked } from '../subscribers/checked.ts';
import { checkWishes, type Wishes } from '../subscribers/sign-up.ts';
import type { Saying } from './saying.ts';

/** Lists of the form, one wish a line, by kind. */
const LISTS = { topics: 'topic', interests: 'words', authors: 'author', organizations: 'organization' } as const;

/** Prepares the form of a reader's settings: as they are, or as it was just filled in. */
export function settingsView({ words }: Saying, reader: ListedSubscriber, given: Record<string, string> = {}) {
  const texts = (kind: string) =>
    reader.wishes.flatMap((wish) => (!wish.muted && wish.kind === kind ? [wish.text] : []));
  const muted = reader.wishes.filter((wish) => wish.muted).map(mutedText);
  const lists = { ...Object.fromEntries(Object.entries(LISTS).map(([name, kind]) => [name, texts(kind)])), muted };
  const options = (values: readonly string[], chosen: string, name: (value: string) => string) =>
    values.map((value) => ({ value, name: name(value), selected: value === chosen }));
  const value = (name: string, now: string | number) => given[name] ?? String(now);
  const days = ['1', '2', '3', '4', '5', '6', '7'];
  return {
    lists: Object.entries(lists).map(([name, held]) => ({
      ...{ name, label: words(`admin.readers.field.${name}`), value: given[name] ?? held.join('\n') },
    })),
    cadences: options(CADENCES, value('cadence', reader.cadence), (one) => words(`admin.readers.cadence.${one}`)),
    weekdays: options(days, value('weekday', reader.weekday), (one) => words(`admin.readers.weekday.${one}`)),
    lines: options(SELECTIVITIES, value('selectivity', reader.selectivity), (one) => words(`admin.log.value.${one}`)),
    languages: options(languages(), value('language', reader.language), languageName),
    ...{ hour: value('hour', reader.hour), timeZone: value('timeZone', reader.timeZone) },
    ...{ maxPapers: value('maxPapers', reader.maxPapers), mostPapers: MAX_PAPERS_LIMIT },
  };
}

/**
 * Reads the form of a reader's settings: what it has no field for cannot be changed by it. Examples they gave stay.
 */
export async function settingsGiven(
  ctx: Context,
  req: Request,
): Promise<{ given: Record<string, string>; check: (reader: ListedSubscriber) => Checked<Wishes> }> {
  const fields = await fieldsOf(req);
  const names = [
    ...Object.keys(LISTS),
    'muted',
    'cadence',
    'weekday',
    'hour',
    'timeZone',
    'maxPapers',
    'selectivity',
    'language',
  ];
  const given = Object.fromEntries(names.map((name) => [name, first(fields, name)]));
  const text = (name: string) => given[name] ?? '';
  const known = new Set((await listTopics(ctx.db)).map(({ slug }) => slug));
  const check = (reader: ListedSubscriber) => {
    const held = reader.wishes.find(({ kind }) => kind === 'like')?.like;
    const own = reader.wishes.flatMap((wish) => (wish.kind === 'topic' ? [wish.text] : []));
    const lists = [...Object.keys(LISTS), 'muted'].map((name) => [name, linesOf(text(name))]);
    const raw = {
      ...(Object.fromEntries(lists) as Record<string, string[]>),
      ...{
        cadence: text('cadence'),
        timeZone: text('timeZone'),
        language: text('language'),
        selectivity: text('selectivity'),
      },
      ...{ weekday: number(text('weekday')), hour: number(text('hour')), maxPapers: number(text('maxPapers')) },
      ...{ perhaps: reader.perhaps, notLike: [...(held?.leftOut ?? [])] },
    };
    const settings = { topics: new Set([...known, ...own]), maxPapers: reader.maxPapers };
    return checkWishes(raw, { ...settings, heldExamples: [...(held?.examples ?? [])] });
  };
  return { given, check };
}

function number(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** Says what is wrong with a field, and of a list with which of its lines. */
export function problemText({ words }: Saying, field: string, given: Record<string, string>): string {
  const [name = '', place] = field.split('.');
  const line = place === undefined ? undefined : linesOf(given[name] ?? '')[Number(place)];
  const key = `form.${name}.expected`;
  const expected = words(isString(key) ? key : 'problem.422.text');
  return line === undefined ? expected : words('admin.readers.settings.line', { line: line.slice(0, 80), expected });
}
