import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { listActs } from '../../src/db/operator/acts-list.ts';
import { findErrand, problemsAfter } from '../../src/db/operator/errands.ts';
import { beginImport, draftImport, importsFolder } from '../../src/operate/errands/import-file.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const ROWS = 100_000;
const KILLS = 3;
/** Every so many rows one is no address. */
const BROKEN_EACH = 1_000;

/** A file of readers who agreed elsewhere, and of lines that are none. */
function fileOf(rows: number): string {
  const lines = ['email,interests,status,consent_at,consent_source'];
  for (let n = 1; n <= rows; n++)
    lines.push(
      n % BROKEN_EACH === 0
        ? 'no address,kelp,confirmed,2025-01-01,fair'
        : `reader${n}@example${n % 50}.org,kelp ${n % 200};tides,confirmed,2025-01-01T00:00:00Z,a fair`,
    );
  return lines.join('\n');
}

it(`when an import of ${ROWS} rows is killed ${KILLS} times, then no row is lost or doubled, in little memory`, async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'offprint-import-'));
  const ctx = await testContext(database, { DATA_DIR: dataDir });
  writeFileSync(join(await importsFolder(dataDir), 'big.csv'), fileOf(ROWS));
  const id = await draftImport(ctx, { file: 'big.csv', stored: 'big.csv', bytes: 1 }, 'cli');
  expect(await beginImport(ctx, id, { map: [], total: ROWS }, 'cli')).toBe(true);
  let most = 0;
  /** Works until it is done, or until so many rows are in; then it is killed. */
  const work = (until: number) =>
    new Promise<number | null>((resolve, reject) => {
      const env = { ...process.env, DATABASE_URL: database.url, DATA_DIR: dataDir, LOG_LEVEL: 'warn' };
      const child = spawn(process.execPath, ['--import', 'tsx', 'test/operate/errands-process.ts'], {
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let first = 0;
      let looking = false;
      child.stdout.on('data', (data: Buffer) => {
        for (const kb of data.toString().trim().split('\n').map(Number)) {
          first ||= kb;
          most = Math.max(most, kb - first);
        }
        if (looking) return;
        looking = true;
        void ctx.db.subscriber.count().then((count) => {
          looking = false;
          if (count >= until) child.kill('SIGKILL');
        });
      });
      child.on('error', reject);
      child.on('exit', (code) => resolve(code));
    });
  for (let kill = 1; kill <= KILLS; kill++) expect(await work((kill * ROWS) / (KILLS + 1))).toBeNull();
  expect(await work(Infinity)).toBe(0);
  const broken = ROWS / BROKEN_EACH;
  const errand = await findErrand(database.db, id);
  expect(errand).toMatchObject({ state: 'done', counts: { confirmed: ROWS - broken, rejected: broken } });
  const { rows } = await database.pool.query<{ readers: number; distinct: number; wishes: number; consents: number }>(
    'SELECT count(*)::int AS readers, count(DISTINCT email)::int AS "distinct", (SELECT count(*)::int FROM subscriber_interests) AS wishes, (SELECT count(*)::int FROM consents) AS consents FROM subscribers',
  );
  const expected = ROWS - broken;
  expect(rows[0]).toEqual({ readers: expected, distinct: expected, wishes: 2 * expected, consents: expected });
  const problems = await problemsAfter(database.db, id, 0, 1_000);
  expect(problems.map(({ line }) => line)).toEqual(
    Array.from({ length: broken }, (_, at) => (at + 1) * BROKEN_EACH + 1),
  );
  const [act] = (await listActs(database.db, { limit: 10 })).rows;
  expect(act).toMatchObject({ action: 'readers.import', detail: { confirmed: expected, rejected: broken } });
  expect(most).toBeLessThan(150 * 1024);
  process.stdout.write(`most memory over the start: ${Math.round(most / 1024)} MB\n`);
}, 900_000);
