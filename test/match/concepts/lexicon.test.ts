import { describe, expect, test } from 'vitest';
import { conceptEvidence } from '../../../src/match/concepts/concept-evidence.ts';
import { atOnce } from '../../../src/lib/slices.ts';
import { conceptsNamed, openNames, packNames } from '../../../src/match/concepts/concept-names.ts';
import { findTerms } from '../../../src/match/concepts/find-terms.ts';
import { layOutLexicon } from '../../../src/match/concepts/lexicon.ts';
import { readEquivalents } from '../../../src/match/equivalents.ts';
import { readPaper } from '../../../src/match/paper-index.ts';
import { paper } from '../../world/papers.ts';

const acronyms = readEquivalents({
  acronyms: { LLM: 'large language model', BCI: 'brain computer interface' },
  twins: [],
});

describe('a concept is found by its names', () => {
  const written = [
    ['LLM agents', 'language agents'],
    ['speech-to-text', 'ASR'],
    ['text-to-speech', 'TTS'],
    ['brain-computer interfaces'],
    ['GPU kernels'],
    ['AI'],
  ];
  const names = openNames(atOnce(packNames(written, acronyms)), acronyms);
  test.each([
    ['as it stands', 'LLM agents', [0]],
    ['in other letters and number', 'llm AGENT', [0]],
    ['spelled out', 'large language model agents', [0]],
    ['in another order, with words that say no more', 'papers about agents of LLMs', [0]],
    ['by another name', 'language agents', [0]],
    ['the one whose order it is', 'text to speech', [2]],
    ['the other one', 'speech to text', [1]],
    ['by an acronym', 'bci', [3]],
    ['with a hyphen, a space or neither', 'brain computer interface', [3]],
    ['one for each side of «and»', 'GPU kernels and LLM agents', [4, 0]],
    ['one for each side of a comma, others left aside', 'TTS, something else', [2]],
    ['in quotes', '"gpu kernels"', [4]],
    ['not what is not wanted', 'kernels -agents', []],
    ['not what is negated', 'GPU kernels, not language agents', [4]],
    ['not what is negated behind «and»', 'GPU kernels and no LLM agents', [4]],
    ['not what is negated behind «but»', 'GPU kernels but not TTS', [4]],
    ['not what is negated by itself', 'without ASR', []],
    ['not a part of it', 'kernels', []],
    ['not a longer one', 'GPU kernels for agents', []],
    ['nothing', '', []],
    ['nothing but words that say nothing', 'papers about the', []],
  ])('%s: «%s»', (_, text, found) => {
    expect(conceptsNamed(names, text)).toEqual(found);
  });
});

describe('terms are found by their surface form', () => {
  const terms = ['LoRA', 'RAG', 'Mamba', 'tool use', 'general agents', 'Gaussian splatting', 'x-ray'];
  const lexicon = atOnce(layOutLexicon([{ name: 'here', also: [], terms, broader: [] }], acronyms));
  const found = (text: string) => {
    const there = new Set(findTerms(lexicon, readPaper(paper('p', '', text))).keys());
    return terms.filter((_, at) => there.has(at + 1));
  };
  test.each([
    ['mixed capitals', 'We adapt with LoRA.', ['LoRA']],
    ['mixed capitals in the plural', 'Two LoRAs.', ['LoRA']],
    ['a radio of other capitals', 'A LoRa radio, a lora.', []],
    ['an acronym', 'With RAG.', ['RAG']],
    ['a piece of cloth', 'With a rag and rags.', []],
    ['a name', 'The Mamba block.', ['Mamba']],
    ['a snake', 'A black mamba.', []],
    ['inflected words', 'Tools uses.', ['tool use']],
    ['a hyphen', 'tool-use', ['tool use']],
    ['what a stem would have joined', 'generation agents', []],
    ['other letters in a phrase', 'GAUSSIAN Splatting and gaussian splattings', ['Gaussian splatting']],
    ['words apart', 'the tool in use', []],
  ])('%s: «%s»', (_, text, expected) => {
    expect(found(text)).toEqual(expected);
  });
});

describe('what a paper says of a concept', () => {
  const lexicon = atOnce(
    layOutLexicon(
      [
        { name: 'robotics', also: [], terms: ['robot'], broader: [] },
        { name: 'manipulation', also: [], terms: ['grasping', 'pick and place'], broader: ['robotics'] },
        { name: 'dexterity', also: [], terms: ['in-hand rotation'], broader: ['manipulation'] },
      ],
      acronyms,
    ),
  );
  const evidence = (title: string, abstract: string) =>
    conceptEvidence(lexicon, findTerms(lexicon, readPaper(paper('p', title, abstract))).values(), () => 1);

  test('when a term is found, then it speaks for its concept and for all that contain it, and for no narrower one', () => {
    const found = evidence('', 'Grasping.');
    expect([...found.keys()].sort()).toEqual([0, 1]);
    expect([...evidence('', 'In-hand rotation.').keys()].sort()).toEqual([0, 1, 2]);
    expect(evidence('', 'Speech.').size).toBe(0);
  });
  test('when a term stands in the title it says more than in «we propose», and there more than in passing', () => {
    const strength = (title: string, abstract: string) => evidence(title, abstract).get(1)?.strength ?? 0;
    const inTitle = strength('Grasping', 'It works.');
    const stated = strength('On hands', 'We propose grasping.');
    const passing = strength('On hands', 'It helps in grasping.');
    expect(inTitle).toBeGreaterThan(stated);
    expect(stated).toBeGreaterThan(passing);
    expect(passing).toBeGreaterThan(0);
  });
  test('when several terms stand there, then each mention counts and the strongest is named', () => {
    const found = evidence('Pick and place', 'Grasping. Grasping.').get(1);
    expect(found?.mentions).toBe(3);
    expect(lexicon.terms.at(found?.term ?? -1)?.key).toBe('pick and place');
  });
});
