/** Releases that a migration says may run on it: those from one on, or none that does not know it. */
const FROM = /^>= (\d+)\.(\d+)\.(\d+)$/;

/** Tells whether a release is one of those: `>= 1.4.0`; what is said otherwise allows none. */
export function mayRun(release: string, runsWith: string | null): boolean {
  const from = FROM.exec(runsWith ?? '');
  const own = /^(\d+)\.(\d+)\.(\d+)/.exec(release);
  if (!from || !own) return false;
  for (let part = 1; part <= 3; part++) {
    const differs = Number(own[part]) - Number(from[part]);
    if (differs !== 0) return differs > 0;
  }
  return true;
}

/** What stands beside a migration in a database. */
export interface MigrationNote {
  /** The release that applied it; null where it did not say. */
  appliedBy: string | null;
  /** The releases that may run on it: `>= 1.4.0`; null where it does not say. */
  runsWith: string | null;
}

/** Writes what stands beside a migration, so that an older release can read whether it may run on it. */
export function noteOfMigration({ appliedBy, runsWith }: MigrationNote): string {
  return `applied by ${appliedBy ?? 'an unknown release'}, runs with ${runsWith ?? 'none before it'}`;
}

/** Reads what `noteOfMigration` wrote. */
export function readMigrationNote(text: string | null): MigrationNote {
  const [, by = '', runsWith = ''] = /^applied by (\S+), runs with (>= \S+)?/.exec(text ?? '') ?? [];
  return { appliedBy: by || null, runsWith: runsWith || null };
}
