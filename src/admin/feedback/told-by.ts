import { TOLD_BY } from '../../feedback/told-by.ts';
import type { Translate } from '../../lib/strings.ts';

/** Words by what an event was told; what stands behind a colon is the provider's own and stays. */
export function toldBy(words: Translate, because: string): string {
  const found = TOLD_BY.find(([begins]) => because === begins || because.startsWith(`${begins}: `));
  if (!found) return because;
  const [begins, name] = found;
  return words(`admin.feedback.because.${name}`) + because.slice(begins.length);
}
