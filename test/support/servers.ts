import pg from 'pg';

/**
 * Finds an installed PostgreSQL to test on besides the embedded one: TEST_DATABASE_URL, else one on 127.0.0.1:5432 that
 * trusts `postgres`; null where neither answers.
 */
export async function postgresForTests(): Promise<string | null> {
  const given = process.env['TEST_DATABASE_URL'];
  const url = given ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 15_000 });
  try {
    await client.connect();
    await client.query("SELECT 1 WHERE current_setting('server_version_num')::int >= 150000");
    return url;
  } catch (error) {
    if (given) throw new Error(`TEST_DATABASE_URL is set and does not answer`, { cause: error });
    return null;
  } finally {
    await client.end().catch(() => {});
  }
}
