import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { timePages } from '../../bench/admin/pages.ts';
import { isOver } from '../../bench/over.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';

test('when a figure is more than it may be, or was never measured, then it is over', () => {
  expect([isOver(0.6, 0.6), isOver(0.61, 0.6), isOver(NaN, 0.6)]).toEqual([false, true, true]);
});

test('when a bench prints what may be at most, then it fails where that is missed', () => {
  const folder = join(PACKAGE_ROOT, 'bench');
  const texts = readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .map((name) => [name, readFileSync(join(folder, name), 'utf8')] as const);
  const judging = texts.filter(([, text]) => /(?:\| |')at most(?: \||')/.test(text));
  expect(judging.map(([name]) => name)).toEqual(expect.arrayContaining(['admin.ts', 'preview.ts', 'start.ts']));
  expect(judging.filter(([, text]) => !text.includes('process.exitCode = 1')).map(([name]) => name)).toEqual([]);
});

test.each([
  ['fine', [200, 200, 200], 200, false],
  ['refused each time', [500, 500, 500], 500, true],
  ['refused the first time', [404, 200, 200], 404, true],
  ['refused once later on', [200, 503, 200], 503, true],
  ['asked for but once', [200], 200, true],
])(
  'when a page of the admin’s is %s, then its worst status is told, and any fault is over',
  async (_, answers, status, over) => {
    const left = [...answers];
    const pages = {
      get: () => Promise.resolve({ status: left.shift() ?? 0, text: '' }),
      close: () => Promise.resolve(),
    };
    const timed = await timePages(pages, answers.length - 1, [{ path: '/admin' }]);
    expect(timed).toMatchObject([{ path: '/admin', status, over }]);
  },
);
