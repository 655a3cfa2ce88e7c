import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../src/commands/registry.ts';
import { readOwnConcepts, readTopics } from '../src/match/concepts/own-concepts.ts';
import { readConceptFiles, topicsOf } from '../src/match/concepts/read-concepts.ts';
import { PACKAGE_ROOT } from '../src/package.ts';

/** What is loaded as soon as a module is: a static import or re-export that is more than types. */
const LOADS = /^(?:import|export)\s(?!type\s)(?:[^'"]*?\sfrom\s)?'([^']+)'/gm;

test('when the command line starts, then it loads how commands are read, and no command', () => {
  const { modules, packages } = reachedFrom('src/cli.ts');
  expect(packages).toEqual(['commander']);
  expect(modules.filter((path) => path.startsWith('src/commands/'))).toEqual([
    'src/commands/exit.ts',
    'src/commands/registry.ts',
  ]);
});

test.each(['src/create-context.ts', 'src/commands/deliveries.ts', 'src/commands/serve.ts'])(
  'when %s is loaded, then what writes, sends and queues mails is not: it is loaded when first needed',
  (start) => {
    const { packages } = reachedFrom(start);
    expect(packages).toContain('pg');
    for (const heavy of ['mjml', 'pg-boss', 'nodemailer']) {
      expect(packages.filter((name) => name.split('/')[0] === heavy)).toEqual([]);
    }
  },
);

test('when a command is loaded, then it is the one that was named, with words of its own for each of its options', async () => {
  for (const { name, load } of COMMANDS) {
    const command = await load();
    expect(command.name()).toBe(name);
    for (const option of command.options) expect(option.description).not.toBe('');
  }
});

test('when the concepts of our own are read unchecked, then they are what the check makes of them', async () => {
  const checked = await readConceptFiles();
  expect(readOwnConcepts()).toEqual(checked);
  expect(readTopics()).toEqual(topicsOf(checked));
});

/** Follows the imports that are loaded at once, without those of types, from a file of ours. */
function reachedFrom(start: string): { modules: string[]; packages: string[] } {
  const modules = new Set([start]);
  const packages = new Set<string>();
  for (const path of modules) {
    for (const [, name = ''] of readFileSync(join(PACKAGE_ROOT, path), 'utf8').matchAll(LOADS)) {
      if (name.startsWith('.')) modules.add(resolve('/', dirname(path), name).slice(1));
      else if (!name.startsWith('node:')) packages.add(name);
    }
  }
  return { modules: [...modules], packages: [...packages].sort() };
}
