import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { matchCommand } from '../../src/commands/match.ts';

const papers = [
  {
    id: 'a',
    title: 'Graph networks for drugs',
    abstract: 'Molecules.',
    authors: ['Jane Doe'],
    organization: { slug: 'mit', name: 'MIT' },
  },
  { id: 2, title: 'Weeding robots', abstract: 'Graph networks see the weeds.' },
  { id: 'c', title: 'Speech in noise', abstract: null },
];

/** Runs `offprint match` on these lines; each interest may be text as it stands in the file. */
async function match(interests: (object | string)[], ...options: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'offprint-match-'));
  const lines = (rows: (object | string)[]) =>
    rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row))).join('\n');
  await writeFile(join(folder, 'p.jsonl'), lines(papers));
  await writeFile(join(folder, 'i.jsonl'), lines(interests));
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => ((printed[stream] += String(text)), true)),
  );
  const args = ['--papers', join(folder, 'p.jsonl'), '--interests', join(folder, 'i.jsonl'), ...options];
  const failure = await matchCommand()
    .parseAsync(args, { from: 'user' })
    .then(() => null)
    .catch((error: unknown) => error);
  for (const spy of spies) spy.mockRestore();
  const rows = printed.stdout.split('\n').filter(Boolean);
  return { failure, rows: rows.map((line) => JSON.parse(line) as Row), stderr: printed.stderr };
}

interface Row {
  interest: string | number;
  paper: string | number;
  rank: number;
  score: number;
  reasons: { kind: string; text: string; where: string }[];
}

describe('offprint match', () => {
  test('an interest in papers like examples takes ids of the file, titles and what readers paste', async () => {
    const { rows, failure, stderr } = await match(
      [
        { id: 'by id', text: '2', kind: 'like' },
        { id: 'by title', text: 'weeding ROBOTS', kind: 'like' },
        { id: 'by text', text: '@misc{a, title={Graph Neural Networks that Find Drugs and Molecules}}', kind: 'like' },
        { id: 'unknown', text: '2501.01234\nhttps://example.org/', kind: 'like' },
      ],
      '--json',
    );
    expect(failure).toBeNull();
    const of = (interest: string) => rows.filter((row) => row.interest === interest);
    expect(of('by id').map(({ paper, score }) => [paper, score])).toEqual(
      of('by title').map(({ paper, score }) => [paper, score]),
    );
    expect(of('by id').map(({ paper }) => paper)).not.toContain(2);
    expect(of('by text')[0]?.paper).toBe('a');
    expect(of('by text')[0]?.reasons[0]).toEqual({
      ...{ kind: 'example', where: 'examples' },
      text: 'Graph Neural Networks that Find Drugs and Molecules',
    });
    expect(of('by text')[0]?.score).toBeGreaterThan(0.5);
    expect(of('unknown')).toEqual([]);
    expect(stderr).toContain('interest unknown: arxiv:2501.01234 is not among the papers and has no title');
    expect(stderr).toContain('interest unknown: line 2 «https://example.org/» names no paper');
  });

  test('prints every paper that scores, best first, per interest, with reasons', async () => {
    const { rows, failure } = await match(
      [
        { id: 'w', text: 'graph networks' },
        { id: 7, text: 'J. Doe', kind: 'author' },
        { id: 'o', text: 'mit', kind: 'organization' },
        { id: 't', text: 'Graph neural networks', kind: 'topic' },
      ],
      '--json',
    );
    expect(failure).toBeNull();
    const of = (interest: string | number) => rows.filter((row) => row.interest === interest);
    expect(of('w').map(({ paper, rank }) => [paper, rank])).toEqual([
      ['a', 1],
      [2, 2],
    ]);
    expect(of('w')[0]?.reasons[0]).toEqual({ kind: 'phrase', text: 'Graph networks', where: 'title' });
    expect(of(7)).toEqual([
      {
        interest: 7,
        paper: 'a',
        rank: 1,
        score: 0.8,
        reasons: [{ kind: 'author', text: 'Jane Doe', where: 'authors' }],
      },
    ]);
    expect(of('o').map(({ paper, score }) => [paper, score])).toEqual([['a', 1]]);
    for (const { score, reasons } of rows) {
      expect(score).toBeGreaterThan(0);
      expect(score).toBeLessThanOrEqual(1);
      expect(reasons.length).toBeGreaterThan(0);
    }
  });
  test('a mute hides its papers from all others, prints none, and says so', async () => {
    const { rows, stderr } = await match(
      [
        { id: 'w', text: 'graph networks' },
        { id: 'm', text: 'robot', kind: 'mute' },
      ],
      '--json',
    );
    expect(rows.map(({ interest, paper }) => [interest, paper])).toEqual([['w', 'a']]);
    expect(stderr).toContain('mute m «robot» hides 1 papers: 2');
  });
  test('--top and --min-score cut', async () => {
    expect((await match([{ id: 1, text: 'graph networks' }], '--json', '--top', '1')).rows).toHaveLength(1);
    expect((await match([{ id: 1, text: 'graph networks' }], '--json', '--min-score', '1')).rows).toHaveLength(0);
  });
  test('an interest that holds no word is told, and the others go on', async () => {
    const { rows, stderr, failure } = await match(
      [
        { id: 1, text: '🎉' },
        { id: 2, text: 'speech' },
      ],
      '--json',
    );
    expect(stderr).toContain('interest 1 «🎉» holds no word');
    expect(rows.map(({ paper }) => paper)).toEqual(['c']);
    expect(failure).toBeNull();
  });
  test('odd interests are told or bounded, and one among ten thousand is still found', async () => {
    const many = Array.from({ length: 10_000 }, (_, at) => ({ id: `n${at}`, text: `zq${at}` }));
    const { rows, stderr, failure } = await match(
      [
        { id: 'empty', text: '' },
        { id: 'signs', text: '.*(+?[]{}|^$\\' },
        { id: 'marks', text: '<b onclick="x">graph</b> (networks)+' },
        { id: 'long', text: 'graph networks '.repeat(700) },
        ...many,
        { id: 'last', text: 'speech' },
      ],
      '--json',
    );
    expect(failure).toBeNull();
    expect(stderr).toContain('interest empty «» holds no word');
    expect(stderr).toContain('interest signs');
    expect(stderr).toContain('interest long is 10500 characters long');
    const found = new Map<string | number, (string | number)[]>();
    for (const { interest, paper } of rows) found.set(interest, [...(found.get(interest) ?? []), paper]);
    expect([...found]).toEqual([
      ['marks', ['a', 2]],
      ['long', expect.arrayContaining(['a', 2])],
      ['last', ['c']],
    ]);
  });
  test('when CONCEPTS_FILE names concepts of the operator, then they are matched by', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'offprint-concepts-')), 'own.json');
    const terms = ['weeding robots', ...Array.from({ length: 7 }, (_, at) => `hoeing machine ${at}`)];
    await writeFile(file, JSON.stringify([{ name: 'Gentle gardening', also: [], terms, broader: [] }]));
    const asked = [{ id: 'own', text: 'gentle gardening' }];
    const without = await match(asked, '--json');
    vi.stubEnv('CONCEPTS_FILE', file);
    const { rows } = await match(asked, '--json');
    vi.unstubAllEnvs();
    expect(without.rows).toEqual([]);
    expect(rows).toMatchObject([
      { paper: 2, reasons: [{ kind: 'concept', text: 'Weeding robots', of: 'Gentle gardening' }] },
    ]);
  });
  test.each([
    ['a line that is no JSON', ['{"id":1'], /i\.jsonl, line 1/],
    ['a field missing', [{ id: 1, text: 'x' }, { id: 2 }], /i\.jsonl, line 2: text/],
    ['an unknown kind', [{ id: 1, text: 'x', kind: 'venue' }], /kind/],
    ['an unknown topic', [{ id: 1, text: 'nonsense', kind: 'topic' }], /no topic «nonsense»/],
  ])('%s is bad input', async (_, interests, message) => {
    const { failure } = await match(interests, '--json');
    expect(failure).toMatchObject({ code: 'bad-input' });
    expect(String(failure)).toMatch(message);
  });
});
