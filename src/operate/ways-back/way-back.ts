import type { Context } from '../../context.ts';
import type { Tx } from '../../db/client.ts';
import type { ListedAct } from '../../db/operator/acts-list.ts';
import type { ActTrace, Snapshot } from '../../model/act.ts';

/** Why an act stays as it is though its subject does not hinder it: what stands in the way, in words. */
export interface InTheWay {
  words: string;
}

/** An act of which it is kept what it changed. */
export type ActWithChange = ListedAct & { before: Snapshot; after: Snapshot };

/** How acts on one kind of thing are taken back. */
export interface WayBack {
  /** Fields that move by themselves: they are set back, but bear nothing. */
  soft: readonly string[];
  /** Locks the subject of an act and reads those of its fields that such acts change; null where it is gone. */
  read: (ctx: Context, tx: Tx, act: ListedAct) => Promise<Snapshot | null>;
  /**
   * Sets the fields back that the act changed; what else hinders it is returned, and nothing is set. `later` are the
   * acts on the same subject since. What it cancels bears `now`, the instant of its entry: by that it is found again.
   */
  restore: (
    ctx: Context,
    tx: Tx,
    act: ActWithChange,
    when: { later: readonly ActTrace[]; now: Date },
  ) => Promise<InTheWay | null>;
}
