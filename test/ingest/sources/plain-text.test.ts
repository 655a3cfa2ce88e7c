import { expect, test } from 'vitest';
import { squeeze } from '../../../src/ingest/sources/plain-text.ts';

test.each([
  ['  two \t words\n', 'two words'],
  ['trans\u200bformers', 'transformers'],
  ['trans\u200b\u200bformers\u200b', 'transformers'],
  ['attention \u200bis', 'attention is'],
  ['attention.\u200bIt', 'attention. It'],
  ['GPT\u200b4', 'GPT 4'],
  ['ខ្មែរ\u200bភាសា', 'ខ្មែរ ភាសា'],
  ['学习\u200b图', '学习 图'],
  ['\u200bwords\ufeff', 'words'],
])('%j is squeezed to %j', (text, squeezed) => {
  expect(squeeze(text)).toBe(squeezed);
});
