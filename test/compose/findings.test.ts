import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { CUES, hasCue, readSentence } from '../../src/compose/text/findings/cues.ts';
import { cutAtClause } from '../../src/compose/text/findings/cut-at-clause.ts';
import { findingsOf } from '../../src/compose/text/findings/findings.ts';
import { dangles, shorterLead, withoutLeads } from '../../src/compose/text/findings/openings.ts';
import { SAID, saidOf } from '../../src/compose/text/findings/said.ts';
import { mark, plainOf } from '../../src/compose/text/marked-text.ts';
import { firstLines, readAbstract } from '../../src/compose/text/paper-reading.ts';
import { sentencesOf } from '../../src/compose/text/sentences.ts';
import { PACKAGE_ROOT } from '../../src/config.ts';

const DATA = join(PACKAGE_ROOT, '../shared/data');
const LABELLED = join(DATA, 'excerpts/dev.jsonl');
const CORPUS = join(DATA, 'relevance/corpus.jsonl.gz');

/** Openings that no card may have: the issue's own, and their kin. */
const MID_AIR =
  /^(?:However|These|Those|It|They|Such|Furthermore|Moreover|Then|Thus|Hence|Therefore|Additionally|But|And|Specifically|In Stage \d|In contrast|For example|This (?!paper|work|study|article|report|survey|review|thesis|note|letter|chapter|research|tutorial|video|project|dissertation|monograph|overview|position|technical|short|white))/;

interface Labelled {
  title: string;
  sentences: string[];
  new: number;
  ok: number[];
  out: number;
}

const lines = <T>(text: string) =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);

const asSentences = (texts: readonly string[]) =>
  texts.map((text) => ({ text, length: text.length, folded: text.toLowerCase() }));

const ABSTRACTS: [kind: string, title: string, abstract: string, isNew: string, cameOut: string][] = [
  [
    'a method',
    'Tandem: One Cache for Two Models',
    'Caches have become essential. However, existing caches serve one model only. To address this, we propose Tandem, a cache that two models share. It keeps keys apart. Extensive experiments on six tasks show that Tandem halves the memory and is 2.1× faster. Code is available at https://example.org/tandem.',
    'We propose Tandem, a cache that two models share.',
    'Extensive experiments on six tasks show that Tandem halves the memory and is 2.1× faster.',
  ],
  [
    'biology',
    'Yeast remembers heat',
    'How cells recall stress is unclear. Here we show that yeast keeps a trace of heat for twelve generations. This trace needs two genes. Deleting both reduced survival by 63%.',
    'We show that yeast keeps a trace of heat for twelve generations.',
    'Deleting both reduced survival by 63%.',
  ],
  [
    'mathematics',
    'On odd cycles in thin graphs',
    'Let G be a thin graph. The study of such graphs goes back to the thirties. In this note, we prove that G has an odd cycle whenever its girth is five. As a consequence, we obtain a bound of n + 3 edges, improving the best one known.',
    'We prove that G has an odd cycle whenever its girth is five.',
    'We obtain a bound of n + 3 edges, improving the best one known.',
  ],
  [
    'physics',
    'A dim ring around a quiet star',
    'Rings around stars remain poorly understood. We report the detection of a ring around HD 11 with a radio telescope. Its brightness is far below that of others. We find a mass of 0.03 Earth masses, five times lower than models predict.',
    'We report the detection of a ring around HD 11 with a radio telescope.',
    'We find a mass of 0.03 Earth masses, five times lower than models predict.',
  ],
  [
    'a survey',
    'Touch in Robots: A Survey',
    'Touch is crucial for robots. This survey reviews how robots learn from touch, from skins to policies. We hope that it helps newcomers.',
    'This survey reviews how robots learn from touch, from skins to policies.',
    '',
  ],
  [
    'a position',
    'Position: Benchmarks Need Birthdays',
    'Benchmarks are often reused for years. In this position paper, we argue that every benchmark should name the day on which it ends. Many disagree.',
    'We argue that every benchmark should name the day on which it ends.',
    '',
  ],
];

describe('what is new and what came out', () => {
  test.each(ABSTRACTS)('when %s is read, then both are found', (_, title, abstract, isNew, cameOut) => {
    expect(readAbstract(title, abstract).said).toEqual({ isNew, cameOut });
  });

  test.each(CUES.map((cue) => [cue.tells, cue] as const))('when a sentence %s, then its cue is found', (_, cue) => {
    expect(hasCue(readSentence(cue.example), cue)).toBe(true);
  });

  test('when an abstract tells neither, then its first lines are an excerpt that does not begin in mid-air', () => {
    const abstract = 'However, ice is slippery. A skate glides. These are facts.';
    const reading = readAbstract('Ice', abstract);
    expect(reading.findings).toEqual({ isNew: null, cameOut: null });
    expect(firstLines(reading)).toBe('Ice is slippery. A skate glides. These are facts.');
    expect(firstLines(readAbstract('Ice', 'These are old. A skate glides.'))).toBe('A skate glides.');
    expect(firstLines(readAbstract('Ice', ''))).toBe('');
    const short = 'A thaw takes approx. 40 minutes.';
    expect(readAbstract('Ice', short).sentences.map(({ text }) => text)).toEqual([short]);
  });
});

describe('openings', () => {
  test.each([
    ['In this paper, we weigh bees.', 'We weigh bees.'],
    ['To address this, we weigh bees.', 'We weigh bees.'],
    ['To overcome these limitations we weigh bees.', 'We weigh bees.'],
    ['Specifically, bees are weighed.', 'Bees are weighed.'],
    ['Furthermore, in this work we weigh bees.', 'We weigh bees.'],
    ['Motivated by this observation, we weigh bees.', 'We weigh bees.'],
    ['Our results show that bees are light.', 'Bees are light.'],
    ['For example, mRNA decays.', 'mRNA decays.'],
    ['To keep bees warm, we build a hive.', 'To keep bees warm, we build a hive.'],
    ['In winter, bees sleep.', 'In winter, bees sleep.'],
    ['First, we weigh bees.', 'We weigh bees.'],
    ['To solve these two problems, we weigh bees.', 'We weigh bees.'],
    ['To bridge the gap, we weigh bees.', 'We weigh bees.'],
    ['To address both issues, we weigh bees.', 'We weigh bees.'],
    ['In the first stage, we weigh bees.', 'We weigh bees.'],
    ['In light of the above gap, we weigh bees.', 'We weigh bees.'],
  ])('when %j is shown, then what points back is gone', (text, shown) => expect(withoutLeads(text)).toBe(shown));

  test.each([
    'For the travelling salesman problem, we give a 1.5-approximation.',
    'For the second moment, the bound is tight.',
    'For problems such as sorting, the bound is tight.',
    'Unlike insects such as wasps, our bees sleep.',
    'With an accuracy above 0.9, the hive is counted.',
    'If the second moment is finite, the estimator converges.',
    'If it rains, the bees sleep.',
    'When both players are myopic, the game ends.',
    'When this holds, the game ends.',
    'Across both hives, the bees sleep.',
    'Under the same load, the hive holds.',
    'Under these assumptions, the estimator converges.',
    'Otherwise, the first player always wins.',
    'In principle, the attack breaks RSA.',
    'In general, the bound is tight.',
    'Typically, the bees sleep.',
    'Usually, the bees sleep.',
    'Often, the bees sleep.',
  ])('when %j says under which condition or of what, then it stays whole', (text) =>
    expect(withoutLeads(text)).toBe(text),
  );

  test.each([
    'However it is so.',
    'This requires bees.',
    'These are bees.',
    'It hums.',
    'In Stage 2, bees hum.',
    'Such bees hum.',
    'Under these assumptions, bees hum.',
  ])('when %j is left, then it is told to begin in mid-air', (text) => expect(dangles(withoutLeads(text))).toBe(true));

  test.each([
    'This paper weighs bees.',
    'This work is about bees.',
    'Item response fits.',
    'Suchlike bees hum.',
    'Theseus hums.',
  ])('when %j is left, then it stands alone', (text) => expect(dangles(withoutLeads(text))).toBe(false));

  test('when there is no room, then how it was tried and why it was done go first', () => {
    expect(shorterLead('Trials on four farms and six hives reveal that bees prefer blue.')).toBe('Bees prefer blue.');
    expect(shorterLead('While others count flowers, we propose to count bees.')).toBe('We propose to count bees.');
  });
});

describe('cutting', () => {
  test('when a sentence is too long, then it is cut behind a clause', () => {
    const text = 'We build a hive of glass and of oak, which keeps bees warm in winter and cool in summer.';
    expect(cutAtClause(text, 60)).toBe('We build a hive of glass and of oak…');
  });

  test.each([
    ['a formula', `The bound is n log n + x${mark('sup', '2')} ≤ 4 whenever the graph is thin and tall enough.`],
    ['a quotation', 'The answer was “bees hum, and so do we, whenever the sun is out” as they all said.'],
    ['brackets', 'The answer is (bees hum, and so do we, whenever the sun is out) as they all said.'],
  ])('when %s stands where it would be cut, then it stays whole or is left out', (_, text) => {
    for (let max = 10; max < text.length; max++) {
      const cut = cutAtClause(text, max);
      expect(cut).not.toMatch(/(?: [n+x≤]|log)…/u);
      for (const [open, close] of ['“”', '()', '\u0003\u0006']) {
        expect(cut.split(open!).length).toBe(cut.split(close!).length);
      }
    }
  });

  test('when both are long, then they are at most 420 characters together', () => {
    const long = (start: string) => `${start} ${'and many bees of many kinds that hum, '.repeat(12)}all day.`;
    const sentences = sentencesOf(
      `${long('We propose a hive for bees')} ${long('Our results are 40% better with bees')}`,
    );
    const said = saidOf(sentences, findingsOf('Hive', sentences));
    expect(said.isNew).toMatch(/^We propose a hive .*…$/);
    expect(said.cameOut).toMatch(/^Our results are 40% better .*…$/);
    expect(said.isNew.length + said.cameOut.length).toBeLessThan(SAID);
  });
});

describe('real abstracts', () => {
  test.skipIf(!existsSync(LABELLED))(
    'when the labelled abstracts are read, then at least 85 % say what is new and 70 % what came out, none in mid-air',
    () => {
      const rows = lines<Labelled>(readFileSync(LABELLED, 'utf8'));
      const read = rows.map((row) => ({ row, found: findingsOf(row.title, asSentences(row.sentences)) }));
      const isNew = read.filter(({ row, found }) => [row.new, ...row.ok].includes((found.isNew ?? -1) + 1));
      const withOut = read.filter(({ row }) => row.out > 0);
      const cameOut = withOut.filter(({ row, found }) => row.out === (found.cameOut ?? -1) + 1);
      expect(rows.length).toBeGreaterThan(60);
      expect(isNew.length / rows.length).toBeGreaterThanOrEqual(0.85);
      expect(cameOut.length / withOut.length).toBeGreaterThanOrEqual(0.7);
      for (const { row, found } of read) {
        const said = saidOf(asSentences(row.sentences), found);
        for (const line of [said.isNew, said.cameOut]) expect(line).not.toMatch(MID_AIR);
      }
    },
  );

  test.skipIf(!existsSync(CORPUS))(
    'when abstracts of many fields are read, then nothing begins in mid-air and nothing is longer than 420 characters',
    () => {
      const rows = lines<{ title: string; abstract?: string }>(gunzipSync(readFileSync(CORPUS)).toString());
      const some = rows.filter((_, at) => at % 40 === 0);
      expect(some.length).toBeGreaterThan(2_000);
      for (const { title, abstract = '' } of some) {
        const shown = plainOf(firstLines(readAbstract(title, abstract)));
        expect(shown).not.toMatch(MID_AIR);
        expect(shown.length).toBeLessThanOrEqual(SAID);
      }
    },
    60_000,
  );

  test.runIf(!existsSync(LABELLED) || !existsSync(CORPUS))('labelled or many abstracts are not there: not read', () => {
    expect(existsSync(DATA)).toBeTypeOf('boolean');
  });
});
