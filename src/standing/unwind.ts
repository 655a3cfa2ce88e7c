import { isDeepStrictEqual } from 'node:util';

/** What an event changed of one address, as its row keeps it. */
export interface Changed<Id> {
  id: Id;
  /** Names the address. */
  hash: string;
  before: Readonly<Record<string, unknown>>;
  after: Readonly<Record<string, unknown>>;
}

/** What is left to write, and what was taken back. */
export interface Unwound<Id> {
  /** How each address stands that changed. */
  states: Map<string, Record<string, unknown>>;
  undone: Id[];
  /** Those on which something newer stands: they stay. */
  kept: Id[];
}

/**
 * Takes events back, newest first: each sets back exactly what it changed, where that is still as it left it. `states`
 * holds how each address stands now.
 */
export function unwind<Id>(
  newestFirst: readonly Changed<Id>[],
  states: ReadonlyMap<string, Readonly<Record<string, unknown>>>,
): Unwound<Id> {
  const now = new Map<string, Record<string, unknown>>();
  const undone: Id[] = [];
  const kept: Id[] = [];
  for (const { id, hash, before, after } of newestFirst) {
    const state = now.get(hash) ?? { ...states.get(hash) };
    const isAsLeft = Object.entries(after).every(([name, value]) => isDeepStrictEqual(state[name] ?? null, value));
    if (!isAsLeft) {
      kept.push(id);
      continue;
    }
    now.set(hash, { ...state, ...before });
    undone.push(id);
  }
  return { states: now, undone, kept };
}
