import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { PLANTED, type Planted } from './planted.ts';

interface Rules {
  forbidden: { name: string }[];
}

/** A cruise as dependency-cruiser reports it. */
interface Cruise {
  summary: { totalCruised: number; violations: { rule: { name: string }; from: string; to: string }[] };
}

function cruise(dir: string): Cruise {
  const args = ['src', '--config', '.dependency-cruiser.cjs', '--output-type', 'json', '--no-progress'];
  const bin = join(PACKAGE_ROOT, 'node_modules', '.bin', 'depcruise');
  return JSON.parse(execFileSync(bin, args, { cwd: dir, encoding: 'utf8', maxBuffer: 1 << 28 })) as Cruise;
}

describe('the import rules', () => {
  let copy: string;
  let summary: Cruise['summary'];
  beforeAll(() => {
    copy = mkdtempSync(join(tmpdir(), 'offprint-rules-'));
    for (const name of ['src', '.dependency-cruiser.cjs', 'tsconfig.json', 'package.json']) {
      cpSync(join(PACKAGE_ROOT, name), join(copy, name), { recursive: true });
    }
    symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(copy, 'node_modules'));
    for (const { file, source } of PLANTED) {
      mkdirSync(dirname(join(copy, file)), { recursive: true });
      writeFileSync(join(copy, file), `${source}\n`);
    }
    summary = cruise(copy).summary;
  }, 180_000);
  afterAll(() => rmSync(copy, { recursive: true, force: true }));
  // That none of the sources breaks a rule is seen by `npm run imports`, which `npm test` begins with.
  test('when the sources are cruised, then all of them are seen', () => {
    expect(summary.totalCruised).toBeGreaterThan(1_000);
  });

  test('when forbidden imports are planted, then each is caught by its rule', () => {
    const caught = summary.violations.map(({ rule, from }) => `${rule.name} ${from}`);
    // A rule about folders names the folder.
    const named = ({ rule, file }: Planted) => (rule === 'families-form-no-circle' ? dirname(file) : file);
    const missed = PLANTED.filter((planted) => !caught.includes(`${planted.rule} ${named(planted)}`));
    expect(missed).toEqual([]);
  });

  test('when there is a rule, then a violation of it is planted', () => {
    const { forbidden } = createRequire(import.meta.url)(join(PACKAGE_ROOT, '.dependency-cruiser.cjs')) as Rules;
    const proven = new Set(PLANTED.map(({ rule }) => rule));
    expect(forbidden.map(({ name }) => name).filter((name) => !proven.has(name))).toEqual([]);
  });
});
