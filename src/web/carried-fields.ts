import type { Fields } from '../http/bodies.ts';

/** Most fields of a form that are carried along on the page after it. */
const CARRIED = 300;

/** Lists the fields of a form that a page carries along hidden, so that nobody types twice; but for those named. */
export function carriedFields(fields: Fields, without: readonly string[]): { name: string; value: string }[] {
  return [...fields]
    .filter(([name]) => !without.includes(name))
    .flatMap(([name, values]) => values.map((value) => ({ name, value })))
    .slice(0, CARRIED);
}
