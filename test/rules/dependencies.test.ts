import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';

interface Package {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

const read = (...path: string[]) => readFileSync(join(PACKAGE_ROOT, ...path), 'utf8');
const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Package;

describe('the packages we lean on', () => {
  test('when package.json names a package, then it names one version of it', () => {
    const ranges = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^(?:npm:[a-z]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  test('when production installs, then compilers and types are no part of it', () => {
    const tools = Object.keys(dependencies).filter((name) =>
      /^(@types\/.*|typescript|typescript-native|prisma|tsx)$/.test(name),
    );
    expect(tools).toEqual([]);
  });

  test.each([
    ['What runs', dependencies],
    ['What builds and tests', devDependencies],
  ])('when a package is named, then «%s» says why, and names no other', (heading, wanted) => {
    const section = read('docs', 'dependencies.md').split(`## ${heading}`)[1]?.split('\n## ')[0] ?? '';
    const rows = [...section.matchAll(/^\|(.*?)\|(.*)\|$/gm)].slice(2);
    const told = rows.flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
    expect(told.sort()).toEqual(Object.keys(wanted).sort());
    for (const [row, , why = ''] of rows) expect(why.trim().length, row).toBeGreaterThan(5);
  });
});
