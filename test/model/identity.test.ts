import { describe, expect, it } from 'vitest';
import type { ParsedEntry } from '../../src/model/digest.ts';
import { identifyPapers, titleIdentity, type KnownPaper } from '../../src/model/identity.ts';

function entry(
  title: string,
  arxivId: string | null = null,
  doi: string | null = null,
  authors: string[] = [],
): ParsedEntry {
  const nothing = {
    authorCount: null,
    organization: null,
    publishedOn: null,
    upvotes: null,
    comments: null,
    url: null,
    codeUrl: null,
    discussionUrl: null,
  };
  return { position: 1, title, abstract: 'x', authors, arxivId, doi, ...nothing };
}
const known = (
  id: number,
  titles: string[],
  arxivIds: string[] = [],
  dois: string[] = [],
  authors: string[] = [],
): KnownPaper => ({
  id,
  authors,
  arxivIds,
  dois,
  titleKeys: titles.map(titleIdentity),
});
const old = (paperId: number) => ({ paperId });
const fresh = (newPaper: number) => ({ newPaper });

describe('which paper an entry is', () => {
  it.each<[string, ParsedEntry[], KnownPaper[], (object | null)[]]>([
    ['an unknown one is new', [entry('A')], [known(1, ['B'])], [fresh(0)]],
    ['an arXiv id decides, whatever the title', [entry('A, renamed', '1')], [known(1, ['A'], ['1'])], [old(1)]],
    ['a DOI decides', [entry('A, renamed', null, 'd')], [known(1, ['A'], [], ['d'])], [old(1)]],
    [
      'a journal version joins its preprint: one title, an author of both',
      [entry('A', null, '10.1038/a', ['A. Quill', 'C Oak'])],
      [known(1, ['A'], [], ['10.64898/2026.1'], ['Ada Quill', 'Bo Reed'])],
      [old(1)],
    ],
    [
      'a preprint joins its journal version',
      [entry('A', null, '10.1101/2026.1', ['Quill A'])],
      [known(1, ['A'], [], ['10.1038/a'], ['Ada Quill'])],
      [old(1)],
    ],
    [
      'a preprint and an article of strangers with one title stay two',
      [entry('A', null, '10.1038/a', ['Cy Oak'])],
      [known(1, ['A'], [], ['10.64898/2026.1'], ['Ada Quill'])],
      [fresh(0)],
    ],
    [
      'articles of two journals with one title stay two',
      [entry('A', null, '10.1038/a', ['Ada Quill'])],
      [known(1, ['A'], [], ['10.1126/a'], ['Ada Quill'])],
      [fresh(0)],
    ],
    ['one candidate by title joins', [entry('a: B!')], [known(1, ['A B'], ['1'])], [old(1)]],
    ['two candidates by title do not', [entry('A')], [known(1, ['A'], ['1']), known(2, ['A'], ['2'])], [fresh(0)]],
    [
      'of three by title the one without ids is its own again',
      [entry('A')],
      [known(1, ['A'], ['1']), known(2, ['A'], ['2']), known(3, ['A'])],
      [old(3)],
    ],
    [
      'an id among several by title is a new paper',
      [entry('A', '9')],
      [known(1, ['A'], ['1']), known(3, ['A'])],
      [fresh(0)],
    ],
    ['two arXiv ids never meet', [entry('A', '2')], [known(1, ['A'], ['1'])], [fresh(0)]],
    ['two DOIs never meet', [entry('A', null, 'e')], [known(1, ['A'], [], ['d'])], [fresh(0)]],
    ['an id joins a paper known by title alone', [entry('A', '1')], [known(1, ['A'])], [old(1)]],
    ['an arXiv id and a DOI may meet in one', [entry('A', '1')], [known(1, ['A'], [], ['d'])], [old(1)]],
    ['an entry without title is none', [entry('')], [], [null]],
    ['a title of signs alone is none', [entry('—')], [], [null]],
    ['the same title twice in a digest is one', [entry('A'), entry('a')], [], [fresh(0), fresh(0)]],
    ['the same title with two ids is two', [entry('A', '1'), entry('A', '2')], [], [fresh(0), fresh(1)]],
    [
      'a title learned in the digest counts',
      [entry('A', '1'), entry('A, renamed', '1'), entry('A, renamed')],
      [],
      [fresh(0), fresh(0), fresh(0)],
    ],
  ])('%s', (_, entries, papers, expected) => {
    const plan = identifyPapers(entries, papers);
    expect(plan.assignments).toEqual(expected);
    expect(plan.merges).toEqual([]);
  });
});

describe('merges', () => {
  it('when an entry ties a title to an id, then the one without id points at the one with', () => {
    const plan = identifyPapers([entry('B', '1')], [known(1, ['B']), known(2, ['A'], ['1'])]);
    expect(plan).toMatchObject({ assignments: [old(2)], newPapers: 0, merges: [{ from: 1, into: 2 }] });
  });

  it('when an entry ties an arXiv id to a DOI, then the paper with the arXiv id stays', () => {
    const plan = identifyPapers([entry('C', '1', 'd')], [known(1, ['A'], [], ['d']), known(2, ['B'], ['1'])]);
    expect(plan).toMatchObject({ assignments: [old(2)], newPapers: 0, merges: [{ from: 1, into: 2 }] });
  });

  it('when ids would clash, then nothing is merged and the arXiv id decides', () => {
    const plan = identifyPapers([entry('C', '1', 'd')], [known(1, ['A'], ['2'], ['d']), known(2, ['B'], ['1'])]);
    expect(plan).toMatchObject({ assignments: [old(2)], newPapers: 0, merges: [] });
  });

  it('when the title is shared by several, then nothing is merged', () => {
    const plan = identifyPapers([entry('B', '1')], [known(1, ['B']), known(2, ['A'], ['1']), known(3, ['B'])]);
    expect(plan.merges).toEqual([]);
  });

  it('when an earlier entry of the digest was a new paper, then it follows the merge', () => {
    const plan = identifyPapers([entry('New'), entry('New', '1')], [known(2, ['A'], ['1'])]);
    expect(plan.assignments).toEqual([old(2), old(2)]);
    expect(plan.merges).toEqual([]);
  });
});

it('when ids disagree, then the arXiv id decides, and a second id of one kind is never learned', () => {
  const otherDoi = identifyPapers([entry('A', '1', 'e')], [known(1, ['A'], ['1'], ['d'])]);
  expect(otherDoi).toMatchObject({ assignments: [old(1)], learned: [{ arxivIds: [], dois: [], titleKeys: [] }] });
  const otherArxiv = identifyPapers([entry('B', '2', 'd')], [known(1, ['A'], ['1'], ['d'])]);
  expect(otherArxiv).toMatchObject({ assignments: [fresh(0)], merges: [] });
});

it('when a title is endless, then its key still fits an index', () => {
  expect(titleIdentity('ß'.repeat(100_000)).length).toBeLessThanOrEqual(300);
});

it('when a second version bears the journal title, then preprint and journal version become one', () => {
  const papers = [
    known(1, ['A: a study'], [], ['10.64898/2026.1'], ['Ada Quill']),
    known(2, ['A'], [], ['10.1038/a'], ['Ada Quill']),
  ];
  const plan = identifyPapers([entry('A', null, '10.64898/2026.1', ['A. Quill'])], papers);
  expect(plan).toMatchObject({ assignments: [old(1)], merges: [{ from: 2, into: 1 }], newPapers: 0 });
});
