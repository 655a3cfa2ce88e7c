import type { Fact } from '../model/fact.ts';

/** A database, or a transaction on one. */
type On = object;
/** What keeps facts outside the database; never throws. */
type Keep = (facts: readonly Fact[]) => void;

const keepers = new WeakMap<On, Keep>();
/** Facts of transactions that are not committed yet. */
const pending = new WeakMap<On, Fact[]>();

/** Has what happens in this database to readers and addresses kept by a journal, too. */
export function keepFactsOf(db: On, keep: Keep): void {
  keepers.set(db, keep);
}

/**
 * Says what a statement has just changed. In a transaction it counts once that has committed, and nobody is answered
 * before it is kept; else at once.
 */
export function tellFacts(db: On, ...facts: Fact[]): void {
  const waiting = pending.get(db);
  if (waiting) waiting.push(...facts);
  else keepers.get(db)?.(facts);
}

/** Begins to gather what a transaction changes. Returns what keeps it, once it has committed. */
export function gatherFacts(db: On, tx: On): () => void {
  const facts: Fact[] = [];
  pending.set(tx, facts);
  return () => {
    if (facts.length > 0) keepers.get(db)?.(facts);
  };
}
