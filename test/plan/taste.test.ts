import { describe, expect, it } from 'vitest';
import {
  createTasteSpace,
  LIFT_SEEN,
  MAX_SHIFT,
  MAX_TASTE,
  type Reacted,
  type TasteText,
} from '../../src/plan/taste.ts';

const text = (title: string, abstract: string): TasteText => ({ title, abstract });
const ROBOT = text(
  'Grasping with soft robot hands',
  'A robot hand grasps soft objects; the gripper learns from touch and force.',
);
const ROBOT_TOO = text('Touch guides robot grippers', 'Grippers of robots learn to grasp objects by force and touch.');
const PROTEIN = text('Folding proteins quickly', 'Protein structures fold; a network predicts residues and distances.');
const PROTEIN_TOO = text(
  'Residue networks',
  'A network predicts protein structure and residue distances while folding.',
);
const LAW = text('Reading contracts', 'Clauses of contracts are read by a parser of legal text.');

const papers = new Map([
  [1, ROBOT],
  [2, PROTEIN],
]);
const space = createTasteSpace([ROBOT_TOO, PROTEIN_TOO, LAW]);
const taste = (...reactions: Reacted[]) => space.tasteOf(reactions, (paperId) => papers.get(paperId));
const tasteOf = (...reactions: Reacted[]) => taste(...reactions)?.lifts ?? null;

describe('createTasteSpace', () => {
  it('when a reader wants more of a paper, then what is like it rises over the rest', () => {
    const [robot = 0, protein = 0, law = 0] = tasteOf({ paperId: 1, kind: 'more' }) ?? [];
    expect(robot).toBeGreaterThan(0.1);
    expect(protein).toBeLessThan(0);
    expect(law).toBeLessThan(0);
  });

  it('when a reader wants less of a paper, then what is like it falls', () => {
    const [robot = 0] = tasteOf({ paperId: 1, kind: 'less' }) ?? [];
    expect(robot).toBeLessThan(-0.1);
  });

  it('when both are said, then each works on its own kind', () => {
    const [robot = 0, protein = 0] = tasteOf({ paperId: 1, kind: 'more' }, { paperId: 2, kind: 'less' }) ?? [];
    expect(robot).toBeGreaterThan(0.1);
    expect(protein).toBeLessThan(-0.1);
  });

  it('when the same is said many times over, then the effect grows and stays bounded', () => {
    const once = tasteOf({ paperId: 1, kind: 'less' })?.[0] ?? 0;
    const often = tasteOf(...Array.from({ length: 30 }, () => ({ paperId: 1, kind: 'less' as const })))?.[0] ?? 0;
    expect(often).toBeLessThan(once);
    expect(often).toBeGreaterThanOrEqual(-MAX_TASTE);
  });

  it('when something was said, then the line shifts for what is like it alone, that way, and within its bound', () => {
    const shiftsOf = (...reactions: Reacted[]) => [...(taste(...reactions)?.shifts ?? [])];
    const [robot = 0, ...others] = shiftsOf({ paperId: 1, kind: 'more' });
    expect(robot).toBeGreaterThan(0.05);
    expect(others).toEqual([0, 0]);
    const [up = 0, down = 0, law] = shiftsOf({ paperId: 1, kind: 'more' }, { paperId: 2, kind: 'less' });
    expect([Math.sign(up), Math.sign(down), law]).toEqual([1, -1, 0]);
    const often = shiftsOf(...Array.from({ length: 50 }, () => ({ paperId: 1, kind: 'more' as const })));
    expect(often[0]).toBeGreaterThanOrEqual(robot);
    expect(often[0]).toBeLessThanOrEqual(MAX_SHIFT);
    expect(shiftsOf({ paperId: 1, kind: 'more' })).toEqual([robot, ...others]); // what was asked before leaves no trace
  });

  it('when nothing was said, or of papers that are gone, then there is no taste', () => {
    expect(tasteOf()).toBeNull();
    expect(tasteOf({ paperId: 99, kind: 'more' })).toBeNull();
  });

  it('when a liked paper visibly lifts a candidate, then that paper is named, and for no other candidate', () => {
    const found = taste({ paperId: 1, kind: 'more' }, { paperId: 2, kind: 'more' });
    expect([0, 1, 2].map((at) => found?.likedBehind(at))).toEqual([1, 2, 0]);
    const one = taste({ paperId: 1, kind: 'more' });
    expect(one?.lifts[0]).toBeGreaterThan(LIFT_SEEN);
    expect([0, 1, 2].map((at) => one?.likedBehind(at))).toEqual([1, 0, 0]);
  });

  it('when a candidate stands out only because others fell, then no liked paper is named', () => {
    const choir = text('Choir tuning', 'Singers of a choir tune by ear.');
    const found = space.tasteOf(
      [
        { paperId: 1, kind: 'less' },
        { paperId: 99, kind: 'more' },
      ],
      (paperId) => (paperId === 99 ? choir : papers.get(paperId)),
    );
    expect(found?.lifts[1]).toBeGreaterThan(0);
    expect([0, 1, 2].map((at) => found?.likedBehind(at))).toEqual([0, 0, 0]);
  });

  it('when a paper is liked and one of the same subject unwanted, then what they cancel out is not named', () => {
    const both = space.tasteOf(
      [
        { paperId: 1, kind: 'more' },
        { paperId: 98, kind: 'less' },
      ],
      (paperId) => (paperId === 98 ? ROBOT_TOO : papers.get(paperId)),
    );
    expect(both?.lifts[0]).toBeLessThan(LIFT_SEEN);
    expect(both?.likedBehind(0)).toBe(0);
  });

  it('when two liked papers are equally near, then the first by id is named, whatever the order', () => {
    const twins = (ids: number[]) =>
      createTasteSpace([ROBOT_TOO, PROTEIN_TOO, LAW]).tasteOf(
        ids.map((paperId): Reacted => ({ paperId, kind: 'more' })),
        () => ROBOT,
      );
    expect(twins([8, 7])?.likedBehind(0)).toBe(7);
    expect(twins([7, 8])?.likedBehind(0)).toBe(7);
  });
});
