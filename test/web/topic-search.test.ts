import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { topicIn } from '../../src/model/topic-words.ts';
import { findableAs } from '../../src/web/topic-search.ts';

type Topic<T> = Record<'name' | 'short' | 'also' | 'about', T>;

interface Search {
  wordsOf: (text: string) => string[];
  findableBy: (topic: Topic<string>) => Topic<string[]>;
  fitOf: (typed: string[], topic: Topic<string[]>, inside?: boolean) => number;
}

/** What browsers load. */
const { wordsOf, findableBy, fitOf } = (await import(
  new URL('../../templates/assets/topics.js', import.meta.url).href
)) as Search;
const topics = readTopics();
const abbreviations = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'seeds/abbreviations.json'), 'utf8')) as Record<
  string,
  string[]
>;

/** The topics a text finds, best first, as the form of a language shows them. */
function found(text: string, language = 'en'): string[] {
  const typed = wordsOf(text);
  const ranked = (inside: boolean) =>
    topics
      .map((topic) => {
        const { slug, name, field, description } = topicIn(language, topic);
        const { english, ...attributes } = findableAs({ slug, name }, topic.name);
        const shown = { name: `${name} ${english} ${slug}`, about: `${field} ${description}` };
        return { slug, fit: fitOf(typed, findableBy({ ...attributes, ...shown }), inside) };
      })
      .filter(({ fit }) => fit < Infinity)
      .sort((a, b) => a.fit - b.fit)
      .map(({ slug }) => slug);
  const begun = ranked(false);
  return begun.length > 0 ? begun : ranked(true);
}

describe('the topic search', () => {
  it.each([
    ['RAG', 'retrieval-augmented-generation'],
    ['rag', 'retrieval-augmented-generation'],
    ['VLA', 'embodied-ai'],
    ['RLHF', 'alignment'],
    ['SSM', 'neural-architectures'],
    ['MoE', 'neural-architectures'],
    ['LLMs', 'large-language-models'],
    ['NeRF', '3d-vision'],
    ['GNN', 'graph-learning'],
    ['LoRA', 'parameter-efficient-tuning'],
    ['OCR', 'document-ai'],
    ['SLAM', 'robot-navigation'],
    ['XAI', 'interpretability'],
    ['RL', 'reinforcement-learning'],
  ])('when «%s» is typed, then %s stands first, in both languages', (text, slug) => {
    expect([found(text)[0], found(text, 'de')[0]]).toEqual([slug, slug]);
  });

  it('when the table of abbreviations is read, then each finds the topic it means first, and all it names are topics', () => {
    const slugs = new Set(topics.map(({ slug }) => slug));
    for (const [abbreviation, meant] of Object.entries(abbreviations)) {
      expect([abbreviation, meant.filter((slug) => !slugs.has(slug))]).toEqual([abbreviation, []]);
      expect([abbreviation, found(abbreviation)[0]]).toEqual([abbreviation, meant[0]]);
      expect(found(abbreviation)).toEqual(expect.arrayContaining(meant));
    }
  });

  it('when words are typed, then they find what they begin a word of, and nothing they merely stand inside of', () => {
    expect(found('rag').length).toBeLessThan(4); // not «storage», «paragraph», «leverage»
    const named = topics.filter(({ name, slug }) => /\brobot/i.test(`${name} ${slug}`)).map(({ slug }) => slug);
    expect(named.length).toBeGreaterThan(3);
    expect(found('robot').slice(0, named.length).sort()).toEqual(named.sort());
    expect(found('robot man')[0]).toBe('robot-manipulation');
    expect(found('Retrieval-Aug')).toEqual(['retrieval-augmented-generation']);
    expect(found('speech recog')[0]).toBe('speech-recognition');
    expect(found('xylophone')).toEqual([]);
  });

  it('when a name fits, then it stands before what only tells of it', () => {
    const name = (slug: string) => topics.find((topic) => topic.slug === slug)?.name ?? '';
    const fits = found('language').map((slug) => /\blanguage/i.test(`${name(slug)} ${slug}`));
    expect([fits.includes(true), fits.includes(false)]).toEqual([true, true]);
    expect(fits.lastIndexOf(true)).toBeLessThan(fits.indexOf(false));
  });

  it('when the end of a German compound is typed, then it is found where nothing begins so', () => {
    expect(found('modelle', 'de').length).toBeGreaterThan(0);
    expect(found('sprachmodelle', 'de')[0]).toBe('large-language-models');
    expect(found('architekturen', 'de')).toContain('neural-architectures');
  });
});
