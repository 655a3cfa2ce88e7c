import type { Tx } from '../client.ts';
import { filled, int4, orNull, text } from '../columns.ts';
import { query, sql } from '../statement.ts';

const facts = query(
  'facts of the server',
  {
    version: orNull(int4),
    versionName: orNull(text),
    autovacuum: orNull(text),
    most: orNull(int4),
    used: filled(int4),
  },
  () => sql`
    SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS "versionName",
      current_setting('autovacuum') AS autovacuum, current_setting('max_connections')::int AS most,
      (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS used`,
);

/** Asks a server what it is and how full, and how long that took in milliseconds. */
export async function lookAtServer(db: Tx) {
  const started = performance.now();
  const [row] = await facts(db, {});
  const ms = performance.now() - started;
  const { version, versionName, autovacuum, most, used } = row ?? { used: 0 };
  return {
    ...{ version: version ?? 0, versionName: versionName ?? '', most: most ?? 0, used, ms },
    autovacuum: autovacuum === 'on',
  };
}
