import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';

const FOLDER = join(PACKAGE_ROOT, 'docs', 'operate');
const promtool = (...args: string[]) => spawnSync('promtool', args, { cwd: FOLDER, encoding: 'utf8' });
const isHere = promtool('--version').status === 0;

interface Panel {
  title: string;
  gridPos: { x: number; y: number; w: number; h: number };
  targets: { expr: string }[];
}

test('when promtool reads the alert rules, then they are sound, and each fires where it should and clears', ({
  skip,
}) => {
  if (!isHere) skip('promtool is not installed (Debian: prometheus), so the alert rules were not run');
  const [checked, tested] = [promtool('check', 'rules', 'alerts.yml'), promtool('test', 'rules', 'alerts.test.yml')];
  expect([checked.stdout + checked.stderr, checked.status]).toEqual([expect.stringContaining('rules found'), 0]);
  expect([tested.stdout + tested.stderr, tested.status]).toEqual([expect.stringContaining('SUCCESS'), 0]);
});

test('when rules are listed, then each is shown to fire and to clear', () => {
  const text = readFileSync(join(FOLDER, 'alerts.yml'), 'utf8');
  const names = [...text.matchAll(/- alert: (\w+)/g)].map(([, name]) => name);
  const shown = readFileSync(join(FOLDER, 'alerts.test.yml'), 'utf8');
  for (const name of names) {
    const outcomes = [...shown.matchAll(new RegExp(`alertname: ${name}\\s+exp_alerts:( \\[\\])?`, 'g'))];
    expect([name, outcomes.map(([, none]) => none !== undefined)]).toEqual([name, [false, true]]);
  }
  expect(new Set(names).size).toBe(names.length);
});

test('when the dashboard is opened, then no panel lies upon another, and promtool reads every question', ({ skip }) => {
  const { panels } = JSON.parse(readFileSync(join(FOLDER, 'dashboard.json'), 'utf8')) as { panels: Panel[] };
  const taken = new Set<string>();
  for (const { gridPos: at, title } of panels)
    for (let x = at.x; x < at.x + at.w; x++)
      for (let y = at.y; y < at.y + at.h; y++) {
        expect([title, x < 24, taken.has(`${x} ${y}`)]).toEqual([title, true, false]);
        taken.add(`${x} ${y}`);
      }
  if (!isHere) skip('promtool is not installed (Debian: prometheus), so the questions of the dashboard were not read');
  const questions = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
  const rules = questions.map((expr, n) => ({ record: `asked_${n}`, expr }));
  const file = join(mkdtempSync(join(tmpdir(), 'offprint-asked-')), 'asked.yml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules }] }));
  const read = promtool('check', 'rules', file);
  expect([read.stdout + read.stderr, read.status]).toEqual([
    expect.stringContaining(`${questions.length} rules found`),
    0,
  ]);
});
