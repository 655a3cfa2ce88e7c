import type { Said } from '../lib/errors.ts';
import type { Translate } from '../lib/strings.ts';

/** Words why a row was not taken in, in the reader's language; in English where only that is known. */
export function importProblem(
  words: Translate,
  { reason, why = [] }: { reason: string; why?: readonly Said[] },
): string {
  if (why.length === 0) return reason;
  return why.map(({ name, values }) => words(`admin.imports.why.${name}`, values ?? {})).join(' · ');
}
