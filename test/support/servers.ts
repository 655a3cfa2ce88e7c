import pg from 'pg';

/**
 * Finds an installed PostgreSQL to test on besides the embedded one: TEST_DATABASE_URL, else one on 127.0.0.1:5432 that
 * trusts `postgres`; null where neither answers, or that one is too old.
 */
export async function postgresForTests(): Promise<string | null> {
  const given = process.env['TEST_DATABASE_URL'];
  const url = given ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  let found: { version: number; name: string } | undefined;
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number; name: string }>(
      "SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name",
    );
    found = rows[0];
  } catch (error) {
    if (given) throw new Error(`TEST_DATABASE_URL is set and does not answer`, { cause: error });
    return null;
  } finally {
    await client.end().catch(() => {});
  }
  if (isNewEnough(found?.version)) return url;
  if (given) throw new Error(`TEST_DATABASE_URL is PostgreSQL ${found?.name}; expected 15 or newer`);
  return null;
}

/** Tells whether a server is PostgreSQL 15 or newer, by its `server_version_num`. */
export function isNewEnough(version = NaN): boolean {
  return version >= 150_000;
}
