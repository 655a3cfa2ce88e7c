import { MANY_ACTS, type ManyAct } from '../operate/errands/on-readers.ts';
import type { Saying } from './saying.ts';

/** Fields of the form that acts on all readers of a list. */
export const MANY_FIELDS = { act: 'action', until: 'until', interest: 'interest' } as const;

/** Prepares the form that acts on everybody the list is narrowed to. */
export function manyView({ words }: Saying, action: string) {
  return { action, acts: MANY_ACTS.map((value: ManyAct) => ({ value, name: words(`admin.readers.many.${value}`) })) };
}
