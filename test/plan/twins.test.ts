import { describe, expect, it } from 'vitest';
import { readOwnSet } from '../../src/match/eval/set.ts';
import { findTwins } from '../../src/plan/twins.ts';

const ABSTRACT =
  'We teach a gripper to tell ripe fruit from unripe by touch alone, and show on three orchards that it bruises half as much.';
const OTHER =
  'A parser of contracts finds the clauses that bind nobody, in five languages, without a list of examples.';

describe('findTwins', () => {
  it('when an abstract comes again under another title, a little changed, then the two are twins', () => {
    const later = `Extended version. ${ABSTRACT.replace('three orchards', 'four orchards')}`;
    const texts = [
      { title: 'Ripe or not', abstract: ABSTRACT },
      { title: 'Reading contracts', abstract: OTHER },
      { title: 'Grippers that feel', abstract: later },
    ];
    expect(findTwins(texts)).toEqual([[2], [], [0]]);
  });

  it('when a title comes again with a word more, then the two are twins, whatever their abstracts say', () => {
    const texts = [
      { title: 'Grippers That Feel: Touch for Orchard Robots', abstract: ABSTRACT },
      { title: 'Grippers that feel: touch for orchard robots, revisited', abstract: OTHER },
    ];
    expect(findTwins(texts)).toEqual([[1], [0]]);
  });

  it('when papers only share a subject, a short title or a turn of phrase, then they are none', () => {
    const phrase = 'In this paper we study the problem of';
    const texts = [
      { title: 'Technical report', abstract: `${phrase} touch.` },
      { title: 'Technical report', abstract: `${phrase} smell.` },
      { title: 'Grippers that feel: touch for orchard robots', abstract: ABSTRACT },
      { title: 'Touch for warehouse robots: grippers that see', abstract: `${phrase} ripe fruit and grippers.` },
    ];
    expect(findTwins(texts)).toEqual([[], [], [], []]);
  });

  it('when papers are many and all different, then none has a twin', async () => {
    expect(findTwins((await readOwnSet()).papers).flat()).toEqual([]);
  });
});
