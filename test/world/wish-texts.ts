import fc from 'fast-check';
import { tidy } from '../../src/model/wish-lines.ts';

/** Texts made of what parts, quotes or names a kind, and of letters of several scripts. */
export const wishText = fc
  .array(
    fc.constantFrom(
      ...[',', ';', '|', '"', "'", '\\', '\\;', '\\\\', ':', ' ', '-', '.', '\t', '=', '、', '；', '，', '\u00a0'],
      ...['OpenAI, Inc.', 'Smith, J.', 'author: ', 'Topic:', 'words: ', 'words:', 'ab', 'x1', '{{x}}', '<b>', '&amp;'],
      ...['深度学习', '強化学習', 'графы'],
    ),
    { minLength: 1, maxLength: 7 },
  )
  .map((pieces) => tidy(pieces.join('')))
  .filter(Boolean);
