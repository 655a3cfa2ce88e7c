import { describe, expect, it } from 'vitest';
import { loadKnowledge } from '../../src/match/knowledge.ts';
import { createMatcher, type PaperMatch } from '../../src/match/matcher.ts';
import { sharedConcepts } from '../../src/match/examples/example-concepts.ts';
import { paper } from '../world/papers.ts';

const PAPERS = [
  paper(
    'grasp',
    'Grasping Wet Dishes',
    'A robot arm learns to grasp slippery plates. Manipulation policies are trained by imitation.',
  ),
  paper(
    'drawer',
    'Opening Drawers from Demonstrations',
    'Robotic manipulation by imitation learning: a gripper opens drawers after ten demonstrations.',
  ),
  paper('sonnet', 'Sonnets by Machines', 'A language model writes poems with rhyme and metre, and readers rate them.'),
  paper(
    'summary',
    'Summaries that Keep Their Facts',
    'Text summarization with a large language model that checks each fact.',
  ),
  paper('cells', 'Counting Cells under the Microscope', 'Segmentation of cells in microscopy images.'),
];
const EXAMPLES = [
  {
    title: 'Learning to Fold Laundry with Two Arms',
    abstract: 'Robot manipulation of cloth, learned by imitation from demonstrations.',
  },
  { title: 'A Gripper that Feels', abstract: 'Tactile sensing for robotic grasping and manipulation.' },
];

const matcher = createMatcher(PAPERS, { knowledge: loadKnowledge() });
const like = (examples: readonly { title: string; abstract: string }[], leftOut: readonly string[] = []) =>
  matcher.match({ id: 'like', kind: 'like', text: '', like: { examples, leftOut } });
const scoreOf = (matches: readonly PaperMatch[], id: string) =>
  matches.find((match) => match.paper.id === id)?.score ?? 0;

describe('papers like examples', () => {
  it('finds what is like them, over the line of a newsletter, and nothing else', () => {
    const matches = like(EXAMPLES);
    expect(
      matches
        .filter(({ score }) => score >= 0.5)
        .map(({ paper: { id } }) => id)
        .sort(),
    ).toEqual(['drawer', 'grasp']);
    expect(matches.every(({ literal }) => !literal)).toBe(true);
  });

  it('names the nearest example, and a term of what they share where it stands', () => {
    for (const { paper: found, reasons, score } of like(EXAMPLES).filter((match) => match.score >= 0.5)) {
      expect(score).toBeLessThanOrEqual(1);
      expect(reasons[0]).toMatchObject({ kind: 'example', where: 'examples' });
      expect(EXAMPLES.map(({ title }) => title)).toContain(reasons[0]?.text);
      for (const { text, where } of reasons.slice(1)) expect(found[where as 'title' | 'abstract']).toContain(text);
      expect(reasons.length).toBeLessThanOrEqual(2);
    }
  });

  it('serves a reader of two subjects: each paper by its nearest examples', () => {
    const both = [
      ...EXAMPLES,
      { title: 'Poems from Language Models', abstract: 'A language model writes verse; we measure rhyme and metre.' },
    ];
    const matches = like(both);
    for (const id of ['grasp', 'drawer', 'sonnet'])
      expect(scoreOf(matches, id)).toBeGreaterThan(scoreOf(matches, 'cells'));
    expect(matches.find((match) => match.paper.id === 'sonnet')?.reasons[0]?.text).toBe('Poems from Language Models');
  });

  it('gives no example back, by its title or as the known paper', () => {
    expect(scoreOf(like([{ title: 'grasping wet dishes!', abstract: '' }]), 'grasp')).toBe(0);
    const [known] = PAPERS;
    const given = { examples: [{ title: '', abstract: known?.abstract ?? '', paperId: 'grasp' }], leftOut: [] };
    expect(scoreOf(matcher.match({ id: 1, kind: 'like', text: '', like: given }), 'grasp')).toBe(0);
  });

  it('looks less for what is left out', () => {
    const concepts = sharedConcepts(EXAMPLES, [], loadKnowledge()).map(({ name }) => name);
    expect(concepts.length).toBeGreaterThan(0);
    expect(scoreOf(like(EXAMPLES, concepts), 'drawer')).toBeLessThan(0.9 * scoreOf(like(EXAMPLES), 'drawer'));
  });

  it('matches nothing for no example, and for one in which nothing is known', () => {
    expect(like([])).toEqual([]);
    expect(like([{ title: 'Zzxqy Wvvkp', abstract: '' }])).toEqual([]);
  });

  it('takes a sentence that all papers have for nothing', () => {
    const same = 'We release the data and the code for others to build on.';
    const papers = PAPERS.map((one) => ({ ...one, abstract: `${one.abstract} ${same}` }));
    const other = createMatcher(papers, { knowledge: loadKnowledge() });
    const given = { examples: EXAMPLES.map((one) => ({ ...one, abstract: `${one.abstract} ${same}` })), leftOut: [] };
    const scores = (matches: readonly PaperMatch[]) => matches.map(({ paper: { id }, score }) => [id, score]);
    expect(scores(other.match({ id: 1, kind: 'like', text: '', like: given }))).toEqual(scores(like(EXAMPLES)));
  });
});
