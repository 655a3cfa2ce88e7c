import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { chooseLanguage, languages, readCatalogue, translator } from '../../src/lib/strings.ts';

/** The places of a message: names of its values, wherever they stand. */
function placesOf(message: string, language: string): string[] {
  const names = new Set<string>();
  const walk = (part: unknown): void => {
    if (Array.isArray(part)) return part.forEach(walk);
    if (typeof part !== 'object' || part === null) return;
    const { type, value, options } = part as {
      type: number;
      value: unknown;
      options?: Record<string, { value: unknown }>;
    };
    if (type >= 1 && type <= 6 && typeof value === 'string') names.add(value);
    for (const option of Object.values(options ?? {})) walk(option.value);
  };
  walk(new IntlMessageFormat(message, language, undefined, { ignoreTag: true }).getAst());
  return [...names].sort();
}

describe('the catalogues', () => {
  test('when there is a second language, then it is complete, and each message has the same places', () => {
    expect(languages()[0]).toBe('en');
    expect(languages().length).toBeGreaterThan(1);
    const english = readCatalogue('en');
    for (const language of languages()) {
      const catalogue = readCatalogue(language);
      expect(
        Object.keys(english).filter((key) => !(key in catalogue)),
        `${language} lacks`,
      ).toEqual([]);
      expect(
        Object.keys(catalogue).filter((key) => !(key in english)),
        `only in ${language}`,
      ).toEqual([]);
      for (const [key, message] of Object.entries(catalogue)) {
        expect(message.trim(), key).not.toBe('');
        expect(placesOf(message, language), `${language} ${key}`).toEqual(placesOf(english[key] ?? '', 'en'));
      }
    }
  });

  test('when something is quoted, then it is by the marks of its language alone', () => {
    const strange = { en: /[«»„]/, de: /[«»”]/ };
    for (const [language, marks] of Object.entries(strange))
      expect(Object.entries(readCatalogue(language)).filter(([, message]) => marks.test(message))).toEqual([]);
  });

  test('when a page template names a string, then there is one', () => {
    const folder = join(PACKAGE_ROOT, 'templates/pages');
    const english = readCatalogue('en');
    const keys = readdirSync(folder).flatMap((file) =>
      [...readFileSync(join(folder, file), 'utf8').matchAll(/\{\{t '([^']+)'/g)].map(([, key]) => key ?? ''),
    );
    expect(keys.length).toBeGreaterThan(80);
    expect(keys.filter((key) => !(key in english))).toEqual([]);
  });

  test('when a page template holds words, then they come from the catalogue', () => {
    const folder = join(PACKAGE_ROOT, 'templates/pages');
    for (const file of readdirSync(folder)) {
      const words = readFileSync(join(folder, file), 'utf8')
        .replace(/\{\{\{?[^}]*\}?\}\}/g, '')
        .replace(/<[^>]*>/g, '')
        .replace(/Atom|JSON/g, '')
        .match(/[A-Za-z]{3,}/g);
      expect(words, file).toBeNull();
    }
  });
});

describe('wording', () => {
  test('when a key is unknown, then it throws and names the key', () => {
    expect(() => translator('en')('no.such.key')).toThrow(/no\.such\.key/);
  });

  test('when a value is markup, then it stays what it is', () => {
    expect(translator('en')('form.topics.unknown', { slug: '<b>{x}' })).toContain('<b>{x}');
  });

  test('when a language has no catalogue, then English speaks', () => {
    expect(translator('tlh')('site.menu.digests')).toBe('Archive');
  });
});

describe('choosing a language', () => {
  test.each([
    [undefined, 'en'],
    ['', 'en'],
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['en-GB,en;q=0.9,de;q=0.8', 'en'],
    ['fr,de;q=0.5', 'de'],
    ['de;q=0,en', 'en'],
    ['de;q=0.1,en;q=0.2', 'en'],
    ['*', 'en'],
    [';;;,,q=,de;q=x', 'de'],
    ['x'.repeat(10_000), 'en'],
  ])('when Accept-Language is %.40s, then %s', (header, language) => {
    expect(chooseLanguage(header)).toBe(language);
  });
});
