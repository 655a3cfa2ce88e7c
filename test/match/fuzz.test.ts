import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseConcepts } from '../../src/match/concepts/read-concepts.ts';
import { readQuery } from '../../src/match/query.ts';
import { MAX_REASONS } from '../../src/match/reasons.ts';
import { tokenize } from '../../src/match/tokens.ts';
import { matcherOf } from '../world/matchers.ts';
import { paper } from '../world/papers.ts';
import { cpuMsOf } from '../support/cpu.ts';
import { often } from '../support/thorough.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.lorem({ maxCount: 30 }),
  fc.stringMatching(/^[-"<>()[\]{}*+?.,;|\\^$a-z ]{0,80}$/),
  fc
    .array(
      fc.constantFrom(
        'graph',
        'neural',
        '"',
        '-',
        'GAN',
        '(GAN)',
        'multi-',
        '\\alpha',
        '<b>',
        ',',
        '强化学习',
        'naïve',
      ),
      { maxLength: 40 },
    )
    .map((parts) => parts.join(' ')),
);
const kind = fc.constantFrom('words' as const, 'author' as const, 'organization' as const, 'topic' as const);

test('any interest against any paper: no error, scores in (0,1], each with a reason, the same every time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyText, anyText, anyText), { maxLength: 4 }), anyText, kind, (texts, text, kind) => {
      const papers = texts.map(([title, abstract, name], at) =>
        paper(`p${at}`, title, abstract, { authors: [name], organization: { slug: name, name } }),
      );
      const matcher = matcherOf(...papers);
      const matches = matcher.match({ id: 1, kind, text });
      for (const { score, reasons } of matches) {
        expect(score).toBeGreaterThan(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(reasons.length).toBeGreaterThan(0);
      }
      expect(matcher.match({ id: 1, kind, text })).toEqual(matches);
      matcher.muted(text);
    }),
    { numRuns: often(300, 100) },
  );
});

const someWords = fc
  .array(
    fc.constantFrom(
      ...[
        'state',
        'space',
        'models',
        'Modeling',
        'RL',
        'rl',
        'reinforcement',
        'learning',
        '(RL)',
        'multi-agent',
        'agents',
      ],
      ...[
        'pre',
        'training',
        'over',
        'the',
        'outlier',
        'novelty',
        'detection',
        'naïve',
        '学习',
        ',',
        '"',
        '-',
        '.',
        '\n',
      ],
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(' '));

test('what a reason says stands where it says: its words are words of that place, and the stretch shown around them holds them', () => {
  const bare = (text: string) => text.replace(/\s+/g, ' ').toLowerCase();
  const stems = (text: string) => tokenize(text).map(({ stem }) => stem);
  fc.assert(
    fc.property(fc.array(fc.tuple(someWords, someWords), { minLength: 1, maxLength: 3 }), someWords, (texts, text) => {
      const papers = texts.map(([title, abstract], at) => paper(`p${at}`, title, abstract));
      for (const { paper: found, reasons } of matcherOf(...papers).match({ id: 1, kind: 'words', text })) {
        expect(reasons.length).toBeLessThanOrEqual(MAX_REASONS);
        for (const { kind, text: words, where, snippet } of reasons) {
          expect(['phrase', 'words', 'title', 'related', 'concept']).toContain(kind);
          const place = found[where as 'title' | 'abstract'];
          expect(stems(place)).toEqual(expect.arrayContaining(stems(words)));
          if (kind !== 'words') expect(bare(place)).toContain(bare(words));
          else for (const word of words.split(', ')) expect(bare(place)).toContain(word.toLowerCase());
          expect(snippet === undefined).toBe(where === 'title');
          if (snippet === undefined) continue;
          expect(bare(place)).toContain(snippet.replace(/^…|…$/g, '').toLowerCase());
          expect(snippet.toLowerCase()).toContain(bare(words).split(', ')[0]);
        }
      }
    }),
    { numRuns: often(500, 150) },
  );
});

test('words lie in order inside their text', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      let end = 0;
      for (const token of tokenize(text)) {
        expect(token.start).toBeGreaterThanOrEqual(end);
        expect(token.end).toBeGreaterThan(token.start);
        expect(token.end).toBeLessThanOrEqual(text.length);
        expect(token.stem).not.toBe('');
        end = token.end;
      }
    }),
  );
});

describe('time stays linear in the text', () => {
  test.each([
    ['one long word', 'a'.repeat(200_000)],
    ['many short words', 'a b '.repeat(50_000)],
    ['hyphens', 'multi-'.repeat(30_000)],
    ['brackets', '(AB) '.repeat(40_000)],
    ['quotes', '" '.repeat(100_000)],
    ['marks', '<a '.repeat(60_000)],
    ['combining marks', `e${'\u0301'.repeat(200_000)}`],
  ])('%s', (_, text) => {
    const cost = (size: number) => {
      const part = text.slice(0, size);
      return cpuMsOf(() => {
        readQuery(part);
        matcherOf(paper('p', part, part)).match({ id: 1, kind: 'words', text: part });
      });
    };
    cost(20_000);
    // Ten times the text may take some thirty times as long (noise, caches), never a hundred: that would be quadratic.
    expect(cost(200_000)).toBeLessThan(30 * Math.max(cost(20_000), 5));
  });
});

test('a file of concepts of any shape is read or refused with its problems named', () => {
  fc.assert(
    fc.property(fc.anything(), (json) => {
      try {
        parseConcepts(json, 'topics.json');
      } catch (error) {
        expect(String(error)).toContain('topics.json');
      }
    }),
  );
});
