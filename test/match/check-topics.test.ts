import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkTopics, ENOUGH_FOR_NONE } from '../../src/match/check-topics.ts';
import { readOwnSet } from '../../src/match/eval/set.ts';
import { openKnowledge } from '../../src/match/knowledge.ts';
import type { PaperText } from '../../src/model/paper.ts';
import type { Concept } from '../../src/model/concept.ts';
import { sharedPath } from '../support/shared.ts';
import { readOwnConcepts } from '../../src/match/concepts/own-concepts.ts';
import { paper } from '../world/papers.ts';

/** Holds topics against papers; the concepts are these alone. */
const check = (papers: readonly PaperText[], ...concepts: Concept[]) => checkTopics(papers, openKnowledge(concepts));

const topic = (slug: string, ...terms: string[]): Concept => ({
  ...{ name: terms[0] ?? slug, also: [], terms, broader: [] },
  topic: { slug, field: 'science', description: `About ${slug}.`, arxivCategories: ['cs.LG'] },
});
const weeds = (count: number) =>
  Array.from({ length: count }, (_, at) => paper(`p${at}`, 'Weeding robots', 'They pull weeds by hand.'));

test('when few papers hold none of a topic, then it is noted and no fault; among many it is one', () => {
  const rare = topic('volcanoes', 'volcano', 'lava');
  expect(check(weeds(99), rare)).toEqual([{ slug: 'volcanoes', papers: 0, verdict: 'nothing so far', fault: false }]);
  expect(check([], rare)[0]?.fault).toBe(false);
  expect(check(weeds(ENOUGH_FOR_NONE), rare)[0]).toMatchObject({ verdict: 'matches nothing', fault: true });
});

test('when no term of a topic is made of words that papers use, then it is a fault, however few papers there are', () => {
  expect(check([], topic('typos', 'reinforcemnet leraning', 'QZXJ'))[0]).toMatchObject({
    verdict: 'unknown words',
    fault: true,
  });
  expect(check([], topic('acronyms', 'RL'))[0]?.fault).toBe(false);
});

test('when a topic matches nearly all of enough papers, then it is a fault', () => {
  expect(check(weeds(100), topic('weeds', 'weeds'))[0]).toMatchObject({
    papers: 100,
    verdict: 'matches nearly everything',
    fault: true,
  });
  expect(check(weeds(99), topic('weeds', 'weeds'))[0]).toMatchObject({ verdict: 'ok', fault: false });
});

test('the shipped topics pass: without papers, on the set of our own, and on a month of real digests', async () => {
  const months: PaperText[][] = [[], (await readOwnSet()).papers];
  const folder = sharedPath('data', 'digests', 'hf-json');
  if (folder !== null) {
    const files = (await readdir(folder)).filter((name) => name.endsWith('.json'));
    const lists = await Promise.all(
      files.map(async (name) => JSON.parse(await readFile(join(folder, name), 'utf8')) as unknown),
    );
    const rows = lists.flat() as { paper: { id: string; title: string; summary: string } }[];
    months.push(rows.map(({ paper: { id, title, summary } }) => paper(id, title, summary)));
  }
  for (const papers of months) expect(check(papers, ...readOwnConcepts()).filter(({ fault }) => fault)).toEqual([]);
});
