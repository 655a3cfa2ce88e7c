import { expect, test } from 'vitest';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { languages } from '../../src/lib/strings.ts';
import { readTopicCatalogue, topicNameIn, topicsIn } from '../../src/model/topic-words.ts';

const topics = readTopics();

test('when there is a catalogue of strings, then every curated topic and field is worded in its language, and nothing else', () => {
  for (const language of languages().filter((one) => one !== 'en')) {
    const catalogue = readTopicCatalogue(language);
    expect(Object.keys(catalogue.topics).sort()).toEqual(topics.map(({ slug }) => slug).sort());
    expect(Object.keys(catalogue.fields).sort()).toEqual([...new Set(topics.map(({ field }) => field))].sort());
    const names = Object.values(catalogue.topics).map(({ name }) => name);
    expect(new Set(names).size, 'two topics of one name').toBe(names.length);
    for (const { name, description } of Object.values(catalogue.topics)) {
      expect(name.trim().length).toBeGreaterThan(1);
      expect(description).toMatch(/^\S.{8,}[.?]$/);
    }
  }
});

test('when topics are worded in German, then they stand in its alphabet, and one nobody translated stays English', () => {
  const own = { slug: 'our-own', name: 'Our own', field: 'theory', description: 'Of this house alone.' };
  const worded = topicsIn('de', [...topics, own]);
  expect(worded.find(({ slug }) => slug === 'our-own')).toEqual({ ...own, field: 'Theorie' });
  expect(worded.find(({ slug }) => slug === 'causality')).toMatchObject({ name: 'Kausalität' });
  const fields = [...new Set(worded.map(({ field }) => field))];
  expect(fields).toEqual([...fields].sort(new Intl.Collator('de').compare));
  expect(topicNameIn('de', 'our-own', 'Our own')).toBe('Our own');
});
