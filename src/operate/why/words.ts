import type { Translate } from '../../lib/strings.ts';
import { keptText } from '../../model/kept-words.ts';
import type { Said, Why } from '../../model/why.ts';

/** Words what is said: instants, and the names of editions, by whoever shows them. */
export function wordsOf(
  said: Said,
  t: Translate,
  when: (at: Date) => string,
  name: (edition: string) => string = (key) => key,
  because = '',
): string {
  const values = Object.entries(said.values).map(([key, value]): [string, string | number] => {
    if (value instanceof Date) return [key, when(value)];
    if (key === 'edition' && value !== '') return [key, name(String(value))];
    return [key, typeof value === 'string' ? keptText(t, value) : value];
  });
  return t(`admin.why.says.${said.code}`, { ...Object.fromEntries(values), because });
}

/** Says in one sentence why. */
export function answerInWords(
  { answer, gates, stoppedAt }: Why,
  t: Translate,
  when: (at: Date) => string,
  name?: (edition: string) => string,
): string {
  const stop = gates.find((gate) => gate.name === stoppedAt)?.says;
  const because = stop ? wordsOf(stop, t, when, name) : '';
  const sentence = wordsOf(answer, t, when, name, because);
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}
