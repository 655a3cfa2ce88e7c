import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import { plainRecord } from './plain-record.ts';

/** Values for the places of a message. */
export type StringValues = Record<string, string | number | Date>;

/** Words a string in one language. */
export type Translate = (key: string, values?: StringValues) => string;

/** The language everything falls back to; its catalogue holds every key. */
export const DEFAULT_LANGUAGE = 'en';

const FOLDER = resolve(dirname(fileURLToPath(import.meta.url)), '../../templates/strings');

/** Holds the strings of the admin pages, `<area>.<language>.json`. */
const ADMIN = 'admin';

/** Read once per process: catalogues are part of a release. */
const catalogues = new Map<string, Record<string, string>>();
const translators = new Map<string, Translate>();
let known: string[] | undefined;

/**
 * Returns the function that words strings in a language (ICU MessageFormat,
 * https://unicode-org.github.io/icu/userguide/format_parse/messages/). A language without a catalogue is worded in
 * English; a key that English lacks, or a value that is missing, throws.
 */
export function translator(language: string): Translate {
  const chosen = languages().includes(language) ? language : DEFAULT_LANGUAGE;
  const found = translators.get(chosen);
  if (found) return found;
  const made = makeTranslator(chosen);
  translators.set(chosen, made);
  return made;
}

/** Lists the languages there are catalogues for, English first. */
export function languages(): readonly string[] {
  known ??= readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.slice(0, -'.json'.length))
    .sort((a, b) => Number(b === DEFAULT_LANGUAGE) - Number(a === DEFAULT_LANGUAGE) || (a < b ? -1 : 1));
  return known;
}

/**
 * Chooses a language from an Accept-Language header (RFC 9110 12.5.4): the best-liked one there is a catalogue for,
 * else English.
 */
export function chooseLanguage(acceptLanguage: string | undefined): string {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .slice(0, 20)
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters.map((text) => /^\s*q=([01](?:\.\d{0,3})?)\s*$/.exec(text)?.[1]).find(Boolean);
      return { tag: tag.trim().split('-')[0] ?? '', quality: Number(quality ?? 1) };
    })
    .filter(({ quality }) => quality > 0)
    .sort((a, b) => b.quality - a.quality);
  return wanted.map(({ tag }) => tag).find((tag) => languages().includes(tag)) ?? DEFAULT_LANGUAGE;
}

/** Reads a language as its files have it: what readers see, and a file for each area of the admin pages. */
export function readCatalogue(language: string): Record<string, string> {
  const found = catalogues.get(language);
  if (found) return found;
  const areas = readdirSync(join(FOLDER, ADMIN))
    .filter((name) => name.endsWith(`.${language}.json`))
    .map((name) => join(ADMIN, name));
  const read = plainRecord(Object.assign({}, ...[`${language}.json`, ...areas].map(readStrings)) as Strings);
  catalogues.set(language, read);
  return read;
}

/** Tells whether there is a string of this name: what others name may have none. */
export function isString(key: string): boolean {
  return Object.hasOwn(readCatalogue(DEFAULT_LANGUAGE), key);
}

type Strings = Record<string, string>;

function readStrings(file: string): Strings {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as Strings;
}

function makeTranslator(language: string): Translate {
  const formats = new Map<string, IntlMessageFormat>();
  return (key, values) => {
    let format = formats.get(key);
    if (!format) {
      const message = readCatalogue(language)[key] ?? readCatalogue(DEFAULT_LANGUAGE)[key];
      if (message === undefined) throw new Error(`No string «${key}» in templates/strings/${DEFAULT_LANGUAGE}.json`);
      format = new IntlMessageFormat(message, language, undefined, { ignoreTag: true });
      formats.set(key, format);
    }
    return String(format.format(values));
  };
}

/** Names a language in itself, as those who speak it look for it. */
export function languageName(code: string): string {
  const name = new Intl.DisplayNames([code], { type: 'language' }).of(code) ?? code;
  return name.charAt(0).toUpperCase() + name.slice(1);
}
