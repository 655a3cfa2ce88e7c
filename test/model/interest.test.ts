import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nameDayLine } from '../../src/model/day-line.ts';
import { interestKey, parseWords } from '../../src/model/interest.ts';

describe('quotes and a minus count however a program writes them', () => {
  test.each([
    ['“linear attention”', '"linear attention"'],
    ['„linear attention“', '"linear attention"'],
    ['«linear attention» vision', '"linear attention" vision'],
    ['« linear attention »', '"linear attention"'],
    ['robot learning -“language models”', 'robot learning -"language models"'],
    ['robot learning –„language models“', 'robot learning -"language models"'],
    ['robots –vision', 'robots -vision'],
    ['robots −vision', 'robots -vision'],
  ])('%s is read as %s', (typed, plain) => {
    expect(parseWords(typed)).toEqual(parseWords(plain));
    expect(interestKey('words', typed)).toBe(interestKey('words', plain));
  });

  test.each([
    ['–robotics', 'robotics'],
    ['−robotics –vision', 'robotics -vision'],
    ['–#1', '–#1'],
    ['–“language models”', '"language models"'],
    ['-“language models”', '"language models"'],
    ['-.net', '.net'],
    ['-robotics', ''],
  ])('at the beginning a dash is a list’s: the key of «%s» is «%s»', (text, key) => {
    expect(interestKey('words', text)).toBe(key);
    expect(interestKey('words', key)).toBe(key);
  });

  test.each([
    ['superconductors at −20 °C', []],
    ['batteries –20 to 60 °C', []],
    ['–80 °C storage', []],
    ['“few-shot”-learning', []],
    ['„Deep-Learning“-Methoden', []],
    ['“graph neural”–“network”', []],
    ['"cell" -tissue', ['tissue']],
    ['robots -3d', ['3d']],
  ])('of «%s» %j is left out', (text, negatives) => {
    expect(parseWords(text).negatives).toEqual(negatives);
    const key = interestKey('words', text);
    expect(interestKey('words', key)).toBe(key);
  });

  test('a dash between words or numbers is none', () => {
    expect(parseWords('sim–real, 2010–2020 – and later').negatives).toEqual([]);
  });

  test('when an interest was stored under the key of before, then that key is read as what was meant', () => {
    expect(parseWords('robot learning -“language models”').negatives).toEqual(['language models']);
    expect(parseWords('robots –vision').negatives).toEqual(['vision']);
  });

  test('when the sentence of the day names it, then without them', () => {
    const line = (topic: string, about = 'words') =>
      nameDayLine({ kind: 'quiet', params: { topic, about } }, 'en', { topics: new Map(), wordings: new Map() }).params[
        'topic'
      ];
    expect(line('„state space“ models –vision')).toBe('state space models');
    expect(line('robot learning -“language models”')).toBe('robot learning');
    expect(line('graph networks -molecules, robotics')).toBe('graph networks, robotics');
    expect(line('-vision')).toBe('-vision');
    expect(line('Institute –Reefs', 'organization')).toBe('Institute –Reefs');
  });
});

describe('the key', () => {
  test.each([
    ['graph networks -molecules, robotics', 'graph networks, robotics -molecules'],
    ['graph networks , robotics', 'graph networks, robotics'],
    ['graph networks -molecules,', 'graph networks -molecules'],
    ['csharp -".NET"', 'csharp -".NET"'],
    ['csharp -.NET', 'csharp -".NET"'],
    ['ab"IT GaN', 'abit GaN'],
    ['fonts -"#"', 'fonts -"#"'],
  ])('of «%s» is «%s»', (text, key) => {
    expect(interestKey('words', text)).toBe(key);
    expect(parseWords(key)).toEqual(parseWords(text));
  });

  test('whatever is asked for, its key asks for the same', () => {
    const piece = fc.constantFrom(...'ab IT Q . , ; - – " “ „ « » + # é ﬁ'.split(' '), ' ', ' -', ' "', '" ');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), (pieces) => {
        const key = interestKey('words', pieces.join(''));
        expect(interestKey('words', key)).toBe(key);
      }),
    );
  });
});
