/** The jobs that do what operators asked for and takes long: one queue each, so that none waits for another's. */
export const ERRAND_JOBS = ['errands', 'resends', 'backfill'] as const;

/** The names of the jobs, in the order of the journey. */
export const JOB_NAMES = [
  'ingest',
  'match',
  'plan',
  'deliver',
  'housekeeping',
  'hooks',
  ...ERRAND_JOBS,
  'backup',
] as const;

export type ErrandJob = (typeof ERRAND_JOBS)[number];
export type JobName = (typeof JOB_NAMES)[number];
