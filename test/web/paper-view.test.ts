import { expect, test } from 'vitest';
import { translator } from '../../src/lib/strings.ts';
import { bylineText } from '../../src/web/paper-view.ts';
import { samplePaper } from '../world/papers.ts';

test('when a page names the authors of a paper, then each name is whole, and the rest is counted', () => {
  const { entry } = samplePaper(1);
  const authors = ['Alma Nightingale-Sato', 'Ferran Ulloa', 'Birgitta\u0000 Mwangi', 'Osei Lark'];
  const paper = { ...entry, authors, authorCount: 6, organization: null, publishedOn: null };
  const byline = (named: number) => bylineText(translator('en'), 'en', paper, named);
  expect(byline(Infinity)).toMatch(/^Alma Nightingale-Sato, Ferran Ulloa, Birgitta Mwangi, Osei Lark .*2/);
  expect(byline(2)).toMatch(/^Alma Nightingale-Sato, Ferran Ulloa .*4/);
});
