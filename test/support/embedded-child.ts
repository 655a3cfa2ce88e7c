import pg from 'pg';
import { startEmbedded } from '../../src/db/embedded/server.ts';

/**
 * Joins the embedded server on the folder named, then inserts rows for ever, printing each number once its commit is
 * acknowledged.
 */
const server = await startEmbedded(process.argv[2] ?? '');
const client = new pg.Client({ connectionString: server.url });
await client.connect();
// Two at once would collide in the catalogue: IF NOT EXISTS takes no lock.
await client.query('SELECT pg_advisory_lock(1)');
await client.query('CREATE TABLE IF NOT EXISTS kept (n bigserial PRIMARY KEY)');
await client.query('SELECT pg_advisory_unlock(1)');
process.stdout.write('ready\n');
if (process.argv[3] === 'wait') {
  await new Promise<void>((resolve) => process.stdin.once('data', () => resolve()));
  await client.end();
  await server.release();
  process.exit(0);
}
for (;;) {
  const { rows } = await client.query<{ n: string }>('INSERT INTO kept DEFAULT VALUES RETURNING n');
  process.stdout.write(`${rows[0]?.n}\n`);
}
