/** What a planning run did. */
export interface PlanCounts {
  /** Readers whose slot had come. */
  due: number;
  newsletters: number;
  welcomes: number;
  /** Readers for whom there was nothing, or nothing new. */
  nothing: number;
  /** Slots passed over: too late, paused, suppressed. */
  passedOver: number;
  /** Readers left due until their interests and the new papers are matched. */
  waiting: number;
  /** Older newsletters that had not gone out and gave way. */
  replaced: number;
  /** Readers who cannot be planned; each bears the reason and is tried again by the next run. */
  setAside: number;
}

/** Returns the counts of a run that has done nothing yet. */
export function noPlans(): PlanCounts {
  return { due: 0, newsletters: 0, welcomes: 0, nothing: 0, passedOver: 0, waiting: 0, replaced: 0, setAside: 0 };
}
