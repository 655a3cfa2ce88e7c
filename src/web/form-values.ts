import { MAX_PASTE_BYTES } from '../model/example.ts';
import { linesOf } from '../model/wish-lines.ts';
import { first, type Fields } from '../http/bodies.ts';
import { yesOrNo } from '../lib/yes-or-no.ts';

/** Fields that hold several lines of wishes. */
export const LIST_FIELDS = ['interests', 'authors', 'organizations', 'muted'] as const;

/** Every field of the sign-up form that a reader fills in, in the order of the page. */
export const FORM_FIELDS = [
  'topics',
  ...LIST_FIELDS,
  'like',
  'cadence',
  'weekday',
  'hour',
  'maxPapers',
  'selectivity',
  'perhaps',
  'timeZone',
  'language',
  'email',
] as const;

export type FormField = (typeof FORM_FIELDS)[number];

/** Fields that change what a preview shows. */
const PREVIEWED: ReadonlySet<string> = new Set([
  ...['topics', ...LIST_FIELDS, 'like', 'notLike', 'likeRemove'],
  ...['maxPapers', 'cadence', 'selectivity', 'perhaps', 'language'],
]);

/** What stands in the form, as text. */
export interface FormValues {
  email: string;
  topics: string[];
  interests: string;
  authors: string;
  organizations: string;
  muted: string;
  /** Papers as examples, as they were pasted. */
  like: string;
  cadence: string;
  weekday: string;
  hour: string;
  timeZone: string;
  maxPapers: string;
  selectivity: string;
  /** yes or no: a box that is not ticked sends nothing, so a hidden field says no beside it. */
  perhaps: string;
  language: string;
}

/** What a field that was not sent falls back to in a form shown again. */
export const NO_VALUES: FormValues = {
  email: '',
  topics: [],
  interests: '',
  authors: '',
  organizations: '',
  muted: '',
  like: '',
  cadence: 'daily',
  weekday: '1',
  hour: '8',
  timeZone: 'UTC',
  maxPapers: '',
  selectivity: '',
  perhaps: '',
  language: 'en',
};

/** Reads back what somebody typed, to show it again. */
export function valuesOf(fields: Fields, defaults: FormValues): FormValues {
  const value = (name: FormField) => (fields.has(name) ? first(fields, name).slice(0, 20_000) : String(defaults[name]));
  return {
    email: emailOf(fields).slice(0, 20_000) || (fields.has('email') ? '' : defaults.email),
    topics: fields.get('topics')?.filter(Boolean) ?? [],
    interests: wishesOf(fields, 'interests').join('\n'),
    authors: wishesOf(fields, 'authors').join('\n'),
    organizations: wishesOf(fields, 'organizations').join('\n'),
    muted: wishesOf(fields, 'muted').join('\n'),
    like: first(fields, 'like').slice(0, MAX_PASTE_BYTES),
    cadence: value('cadence'),
    weekday: value('weekday'),
    hour: value('hour'),
    timeZone: value('timeZone'),
    maxPapers: value('maxPapers'),
    selectivity: value('selectivity'),
    perhaps: fields.get('perhaps')?.includes('yes') ? 'yes' : value('perhaps'),
    language: value('language'),
  };
}

/** Writes what a preview depends on as a query; never the address. */
export function wishesQuery(fields: Fields, language: string): string {
  const kept = [...fields].filter(([name]) => PREVIEWED.has(name));
  const pairs = kept.flatMap(([name, values]) =>
    values.filter(Boolean).map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams([...pairs, ['lang', language]]).toString();
}

/** Returns the address: the form asks for it at its head, and at its foot where the head was left empty. */
export function emailOf(fields: Fields): string {
  return addressesOf(fields)[0] ?? '';
}

/** Tells whether the form names two different addresses. */
export function namesTwoAddresses(fields: Fields): boolean {
  return new Set(addressesOf(fields).map((address) => address.toLowerCase())).size > 1;
}

function addressesOf(fields: Fields): string[] {
  return (fields.get('email') ?? []).map((address) => address.trim()).filter(Boolean);
}

/** Turns form fields into the JSON shape of a sign-up: lists from lines, numbers from digits, empty fields left out. */
export function signUpOf(fields: Fields): Record<string, unknown> {
  const form: Record<string, unknown> = { email: emailOf(fields), topics: splitTopics(fields) };
  for (const name of LIST_FIELDS) form[name] = wishesOf(fields, name);
  form['like'] = [first(fields, 'like')].filter(Boolean);
  form['notLike'] = fields.get('notLike')?.filter(Boolean) ?? [];
  for (const name of ['cadence', 'timeZone', 'selectivity', 'language'] as const)
    if (first(fields, name)) form[name] = first(fields, name);
  const perhaps = fields.get('perhaps') ?? [];
  if (perhaps.length > 0) form['perhaps'] = yesOrNo(perhaps.includes('yes') ? 'yes' : first(fields, 'perhaps'));
  for (const name of ['weekday', 'hour', 'maxPapers'] as const) {
    const text = first(fields, name);
    if (text) form[name] = /^-?\d+$/.test(text) ? Number(text) : text;
  }
  return form;
}

function splitTopics(fields: Fields): string[] {
  return (fields.get('topics') ?? []).flatMap((text) => text.split(/[\s,;]+/)).filter(Boolean);
}

/** One wish a line; a comma or semicolon in it is its own. */
function wishesOf(fields: Fields, name: (typeof LIST_FIELDS)[number]): string[] {
  return (fields.get(name) ?? []).flatMap(linesOf);
}
