import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { asMarkdown, putSection } from '../../bench/results.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';

const page = readFileSync(join(PACKAGE_ROOT, 'docs', 'results.md'), 'utf8');
const folder = join(PACKAGE_ROOT, 'bench');
const names = readdirSync(folder)
  .filter((name) => name.endsWith('.ts'))
  .flatMap((name) => /hearResults\('([^']+)'\)/.exec(readFileSync(join(folder, name), 'utf8'))?.[1] ?? []);

test('when a bench writes its results, then there is a section for it, and a command of its name', () => {
  expect(names.length).toBeGreaterThanOrEqual(9);
  const { scripts } = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const name of names) {
    expect(putSection(page, name, 'New.')).toContain(`<!-- ${name} -->\nNew.\n<!-- /${name} -->`);
    expect(Object.keys(scripts)).toContain(name);
  }
});

test('when a section is put in, then all around it stays as it is, and one that is not there is an error', () => {
  const old = 'Before.\n<!-- a -->\nOld.\n<!-- /a -->\nAfter.\n';
  const fresh = putSection(old, 'a', '\nNew $& one.\n');
  expect(fresh).toBe('Before.\n<!-- a -->\nNew $& one.\n<!-- /a -->\nAfter.\n');
  expect(putSection(fresh, 'a', 'New $& one.')).toBe(fresh);
  expect(() => putSection(old, 'b', 'New.')).toThrow(/<!-- b -->.*expected/);
});

test('when a bench prints tables among other lines, then tables stay Markdown and the rest is fenced', () => {
  expect(asMarkdown('seed 7\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nAll is well.\nIt is.\n')).toBe(
    '```\nseed 7\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\nAll is well.\nIt is.\n```',
  );
  expect(asMarkdown('')).toBe('');
});
