import { expect, test } from 'vitest';
import { probablyMeant } from '../../src/web/typo-hint.ts';

test.each([
  ['ada@gmial.com', 'ada@gmail.com'],
  ['ada@gmail.co', 'ada@gmail.com'],
  ['ada@gmaill.com', 'ada@gmail.com'],
  ['ada@hotmial.com', 'ada@hotmail.com'],
  ['ada@outlok.com', 'ada@outlook.com'],
  ['ada@gmail.com', null],
  ['ada@googlemail.com', null],
  ['ada@example.org', null],
  ['ada@qq.co', null],
  ['ada@web.at', null],
])('when %s is typed, then %s was probably meant', (typed, meant) => {
  expect(probablyMeant(typed)).toBe(meant);
});
