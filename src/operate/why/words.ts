import type { Translate } from '../../lib/strings.ts';
import type { Said, Why } from '../../model/why.ts';

/** Words what is said; instants by whoever shows them. */
export function wordsOf(said: Said, t: Translate, when: (at: Date) => string, more: Record<string, string> = {}) {
  const values = Object.entries(said.values).map(([name, value]) => [
    name,
    value instanceof Date ? when(value) : value,
  ]);
  return t(`admin.why.says.${said.code}`, {
    ...(Object.fromEntries(values) as Record<string, string | number>),
    ...more,
  });
}

/** Says in one sentence why. */
export function answerInWords({ answer, gates, stoppedAt }: Why, t: Translate, when: (at: Date) => string): string {
  const stop = gates.find(({ name }) => name === stoppedAt)?.says;
  const because = stop ? wordsOf(stop, t, when) : '';
  const sentence = wordsOf(answer, t, when, { because });
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}${/[.!?]$/.test(sentence) ? '' : '.'}`;
}
