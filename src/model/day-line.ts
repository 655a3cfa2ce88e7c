import type { DayLine } from './newsletter.ts';
import { topicNameIn } from './topic-words.ts';

/** What a reader leaves out of free words, and the quotes around phrases: no part of a name. */
const LEFT_OUT = /(^|\s)-(?:"[^"]*"|\S+)|"/g;

/** Words the subjects of a sentence of the day: a topic, which goes by its slug, by its name in a language. */
export function nameDayLine(line: DayLine, language: string, topics: ReadonlyMap<string, string>): DayLine {
  const params = { ...line.params };
  for (const [name, about] of [
    ['topic', params['about']],
    ['quiet', params['quietAbout']],
  ] as const) {
    const key = params[name];
    if (typeof key !== 'string') continue;
    params[name] =
      about === 'topic' ? topicNameIn(language, key, topics.get(key) ?? key) : key.replace(LEFT_OUT, ' ').trim() || key;
  }
  return { ...line, params };
}
