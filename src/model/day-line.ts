import { withoutLeftOut } from './interest.ts';
import type { DayLine } from './newsletter.ts';
import { topicNameIn } from './topic-words.ts';

/** How a reader wrote what they asked for, by kind and key («words 3d scenes»), where the key has other letters. */
export type Wordings = ReadonlyMap<string, string>;

/**
 * Words the subjects of a sentence of the day: a topic, which goes by its slug, by its name in a language, the others
 * as the reader wrote them.
 */
export function nameDayLine(
  line: DayLine,
  language: string,
  { topics, wordings }: { topics: ReadonlyMap<string, string>; wordings: Wordings },
): DayLine {
  const params = { ...line.params };
  for (const [name, about] of [
    ['topic', params['about']],
    ['quiet', params['quietAbout']],
  ] as const) {
    const key = params[name];
    if (typeof key !== 'string') continue;
    if (about === 'topic') params[name] = topicNameIn(language, key, topics.get(key) ?? key);
    else {
      const wording = wordings.get(`${about} ${key}`) ?? key;
      params[name] = about === 'words' ? withoutLeftOut(wording) : wording;
    }
  }
  return { ...line, params };
}
