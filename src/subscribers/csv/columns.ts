/** The columns of the CSV, in their order. All but `email` may be left out. */
export const CSV_COLUMNS = [
  'email',
  'topics',
  'interests',
  'authors',
  'organizations',
  'muted',
  'cadence',
  'weekday',
  'hour',
  'time_zone',
  'max_papers',
  'selectivity',
  'language',
  'status',
  'consent_at',
  'consent_source',
  'like',
  'perhaps',
] as const;

export type CsvColumn = (typeof CSV_COLUMNS)[number];
export type CsvRecord = Partial<Record<CsvColumn, string>>;
