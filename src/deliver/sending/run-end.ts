/** No connection could be had, and why. */
interface Unreachable {
  how: 'unreachable';
  problem: string;
}

/** The server had no place for another connection: others hold them, and may send. */
interface Crowded {
  how: 'crowded';
  problem: string;
}

/** Not the mails' fault: too many fail, or none can be made. */
interface OurFault {
  how: 'our-fault';
  problem: string;
}

/** The journal of this process takes nothing: that of others may be well. */
interface NoJournal {
  how: 'no-journal';
  problem: string;
}

/** Something threw, as a rule the database. */
interface Broken {
  how: 'broken';
  error: unknown;
}

/**
 * How a sending run ends: nothing more is due · it was told to end · no connection could be had for what is left, or
 * there was no place for one · the fault is ours · its journal takes nothing · it broke.
 */
export type RunEnd =
  | { how: 'drained' | 'told'; proven: boolean }
  | Unreachable
  | Crowded
  | OurFault
  | NoJournal
  | Broken;

/** How one connection loop ends; one that was told to end is drained, since the run knows why. */
export type LoopEnd = { how: 'drained' } | Unreachable | Crowded | Broken;

/** Why a run is stopped before it is drained. */
export type StopReason = { how: 'told' } | OurFault | NoJournal | Broken;

/** What is known once all loops of a run have ended. */
export interface Endings {
  loops: readonly LoopEnd[];
  /** Why it was stopped first, where it was. */
  stopped: StopReason | null;
  /** Somebody told it to end, also after it was stopped. */
  told: boolean;
  /** Some mail was taken, or refused for its address alone: the way out works. */
  proven: boolean;
}

/**
 * Combines how the loops of a run ended. What broke is told whatever else happened; whoever told it to end, no mail
 * server is to be blamed; what is at fault here stopped it; and only then does it count that no connection could be
 * had, and last that there was no place for one.
 */
export function endOfRun({ loops, stopped, told, proven }: Endings): RunEnd {
  const broken = [...loops, stopped].find((end) => end?.how === 'broken');
  if (broken) return broken;
  if (told) return { how: 'told', proven };
  if (stopped?.how === 'our-fault' || stopped?.how === 'no-journal') return stopped;
  const without = loops.find((end) => end.how === 'unreachable') ?? loops.find((end) => end.how === 'crowded');
  return without ?? { how: 'drained', proven };
}

/**
 * Says how a run ended once what is left was given back: where nothing is, a connection that could not be had was not
 * needed. But mails that heard that there was no place (`full`: the words) are left too, where none went through.
 */
export function settledEnd(
  end: RunEnd,
  { left, proven, full }: { left: number; proven: boolean; full: string | undefined },
): RunEnd {
  const needless = (end.how === 'unreachable' || end.how === 'crowded') && left === 0;
  if (full !== undefined && !proven && (needless || end.how === 'drained')) return { how: 'crowded', problem: full };
  return needless ? { how: 'drained', proven } : end;
}

/** Says why mail cannot go out from here now; null where nothing is in its way. */
export function troubleOf(end: RunEnd): string | null {
  return 'problem' in end ? end.problem : null;
}
