import type { TakeBackOutcome } from '../operate/take-back-within.ts';
import { whatText, whoText } from './act-words.ts';
import type { Saying } from './saying.ts';

/** Says what became of the wish to take an act back, and what stands in its way. */
export function takeBackText(say: Saying, result: TakeBackOutcome): string {
  const { words } = say;
  const key = `admin.log.undo.${result.outcome}`;
  if (result.outcome === 'unknown') return words(key);
  const act = whatText(say, result.act.action);
  if (result.outcome === 'in-use') return words(key, { act, words: result.words });
  if (result.outcome !== 'newer') return words(key, { act });
  const { newer } = result;
  return words(key, { act, newer: whatText(say, newer.action), who: whoText(say, newer.actor), id: String(newer.id) });
}
