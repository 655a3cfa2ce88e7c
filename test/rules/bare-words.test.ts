import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { languages, readCatalogue } from '../../src/lib/strings.ts';
import { bareWordsOfCode, bareWordsOfTemplate } from '../support/bare-words.ts';

const FOLDERS = ['templates/admin', 'templates/shared', 'templates/api'];

/** Modules whose texts no page shows as they are, and why. */
const UNSEEN = new Map([
  ['src/admin/visitor.ts', 'names of browsers, systems and networks as they are kept: `visitorText` words them'],
  ['src/admin/routes/events.ts', 'the protocol of server-sent events'],
  ['src/admin/routes/first.ts', 'who signed in, for the log'],
  ['src/admin/today/today-watch.ts', 'the log of the process'],
]);
/** Where a failure or a reason of ours is named: what pages word by `error.NAME`. */
const SAID =
  /\b(?:said:|said =|refuse\([^;]*?,) \{(?:\s*\.\.\.\{)? name: '([\w.]+)'|\bname: '((?:capture|errand|list|source|topic)\.\w+)'|,\s+'(kept\.\w+)'/gs;
/** Names of headers. */
const HEADER = /^(?:Retry-After|Refresh|Cache-Control|Content-Security-Policy)$/;

const read = (file: string) => readFileSync(join(PACKAGE_ROOT, file), 'utf8');
const filesIn = (folder: string, ending: string) =>
  readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(ending))
    .map((file) => `${folder}/${file}`);

describe('words of the pages of admins', () => {
  test('when a template holds words, then they come from the catalogue', () => {
    const templates = FOLDERS.flatMap((folder) => filesIn(folder, '.hbs'));
    expect(templates.length).toBeGreaterThan(50);
    const found = templates.map((file) => [file, bareWordsOfTemplate(read(file))] as const);
    expect(found.filter(([, words]) => words.length > 0)).toEqual([]);
  });

  test('when a template or a module names a string, then there is one', () => {
    const english = readCatalogue('en');
    const inTemplates = FOLDERS.flatMap((folder) => filesIn(folder, '.hbs')).flatMap((file) =>
      [...read(file).matchAll(/\{\{t '([^']+)'/g)].map(([, key]) => key ?? ''),
    );
    const inModules = filesIn('src/admin', '.ts').flatMap((file) =>
      [...read(file).matchAll(/\bwords\(\s*'([^']+)'/g)].map(([, key]) => key ?? ''),
    );
    expect([inTemplates.length > 250, inModules.length > 150]).toEqual([true, true]);
    expect([...inTemplates, ...inModules].filter((key) => !(key in english))).toEqual([]);
  });

  test('when a failure says how a page words it, then every language has words for it', () => {
    const names = filesIn('src', '.ts').flatMap((file) =>
      [...read(file).matchAll(SAID)].map(([, name, reason, kept]) => `error.${name ?? reason ?? kept}`),
    );
    expect(names.length).toBeGreaterThan(15);
    for (const language of languages()) {
      const words = readCatalogue(language);
      expect(names.filter((name) => !(name in words))).toEqual([]);
    }
    const held = Object.keys(readCatalogue('en')).filter((key) => key.startsWith('error.'));
    expect(held.filter((key) => !names.includes(key))).toEqual([]);
  });

  test('when a German string quotes, then as Germans do', () => {
    expect(Object.entries(readCatalogue('de')).filter(([, text]) => /[«»]/.test(text))).toEqual([]);
  });

  test('when a module says something, then by a string of the catalogue', () => {
    const modules = filesIn('src/admin', '.ts').filter((file) => !UNSEEN.has(file));
    const found = modules.flatMap((file) =>
      bareWordsOfCode(read(file))
        .filter((text) => !HEADER.test(text))
        .map((text) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['<p>Nothing here</p>', ['Nothing', 'here']],
    ['<p>{{t \'admin.room.more\'}}</p><input placeholder="Type a name">', ['Type', 'name']],
    ['<p><code>npx offprint</code> {{says}} <b>nur</b></p>', ['nur']],
  ])('when a template is %s, then its words are found', (source, words) =>
    expect(bareWordsOfTemplate(source)).toEqual(words),
  );

  test.each([
    [`const a = 'Nobody has said anything';`, 1],
    ['const a = `${n} of ${m}`;', 1],
    [`const columns = ['Papers', { number: 'Reactions' }];`, 2],
    [`import x from 'A module'; throw new AppError('bad-input', 'Expected some text'); words('admin.room');`, 0],
  ])('when a module is %s, then %i of its texts are found', (source, count) =>
    expect(bareWordsOfCode(source)).toHaveLength(count),
  );
});
