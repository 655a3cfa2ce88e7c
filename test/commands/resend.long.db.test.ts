import { beforeEach, describe, expect, it } from 'vitest';
import { SCRIPT, runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';
import { makeDigest } from '../world/digests.ts';
import { newslettersOf } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
const RESEND = ['resend', '--edition', EDITION, '--only', 'missed'];
const at = (text: string) => new Date(text);
/** Readers: one had it, one waited past the late limit, two were passed over while the service was down. */
let readers: { id: number }[];

beforeEach(async () => {
  const { db } = database;
  await db.$executeRaw`CALL empty_tables('captures, digests, entries, papers, interests, matches, subscribers, editions, newsletters, deliveries, suppressions')`;
  await db.$executeRaw`CALL empty_tables('audit_log')`;
  await makeDigest(db, '2026-01-05', ['A', 'B'], at('2026-01-05T02:00:00Z'));
  readers = [];
  for (let n = 0; n < 4; n++) readers.push(await makeReader(db, at('2026-01-04T12:00:00Z')));
  const passed = { nextDueAt: at('2026-01-06T08:00:00Z'), lastSlotOn: at('2026-01-05T00:00:00Z') };
  await db.subscriber.updateMany({ data: passed });
  const edition = await db.edition.create({ data: { key: EDITION, createdAt: at('2026-01-05T08:00:00Z') } });
  for (const [n, state] of [
    [0, 'sent'],
    [1, 'retrying'],
  ] as const) {
    const id = readers[n]?.id ?? 0;
    await asFixture(
      db,
      `INSERT INTO deliveries (kind, key, subscriber_id, edition_id, email, address_hash, language, key_id, generation, state, next_attempt_at, late_at, created_at)
      SELECT 'newsletter', $1, s.id, $2::int, s.email, s.address_hash, 'en', 1, 1, $3::delivery_state, '2026-01-05', '2026-01-05T20:00:00Z', '2026-01-05'
      FROM subscribers s WHERE s.id = $4`,
      [EDITION, edition.id, state, id],
    );
  }
});

const planned = async () =>
  Promise.all([2, 3].map(async (n) => (await newslettersOf(database.db, readers[n]?.id ?? 0)).length));

describe('offprint resend --only missed', () => {
  it('when it is dry, then it says what it would do and changes nothing; when it is not, then it does it once', async () => {
    const before = await database.pool.query('SELECT * FROM deliveries ORDER BY id');
    const dry = await runCli([...RESEND, '--dry-run', '--json'], { url: database.url });
    const expected = { edition: EDITION, only: 'missed', again: 1, shownSince: 0, planned: 2, nothing: 0, waiting: 0 };
    expect([dry.code, dry.stderr]).toEqual([0, '']);
    expect(dry.json()).toEqual([{ ...expected, dryRun: true, done: false }]);
    expect((await database.pool.query('SELECT * FROM deliveries ORDER BY id')).rows).toEqual(before.rows);

    const done = await runCli([...RESEND, '--yes', '--json'], { url: database.url });
    expect(done.json()).toEqual([{ ...expected, dryRun: false, done: true }]);
    expect(await planned()).toEqual([1, 1]);
    const rows = await database.db.delivery.findMany({ orderBy: { id: 'asc' } });
    expect(rows.map(({ state }) => state)).toEqual(['sent', 'retrying', 'planned', 'planned']);
    expect(rows[1]?.lateAt).not.toEqual(rows[0]?.lateAt); // two days from now
    const again = await runCli([...RESEND, '--json'], { url: database.url });
    expect(again.json()).toMatchObject([{ again: 0, planned: 0, done: false }]);
  }, 240_000);

  it.skipIf(!SCRIPT)(
    'when it runs on a terminal, then it asks first: «n» does nothing, «y» does it',
    async () => {
      const no = await runCli(RESEND, { url: database.url, terminal: true, types: 'n\n' });
      expect(no.code).toBe(0);
      expect(no.stdout).toMatch(/1 to send again, 2 to plan[^]*Send 3 mail\(s\)\? \[y\/N\][^]*Nothing was done/);
      expect(await planned()).toEqual([0, 0]);
      const yes = await runCli(RESEND, { url: database.url, terminal: true, types: 'y\n' });
      expect(yes.stdout).toContain('3 due');
      expect(await planned()).toEqual([1, 1]);
      expect(await database.db.auditEntry.findMany()).toMatchObject([{ actor: 'cli', action: 'edition.resend' }]);
    },
    240_000,
  );

  it('when nobody knows the edition, then it says so and ends with 2', async () => {
    const { code, stderr } = await runCli(
      ['resend', '--edition', 'daily:2020-01-01', '--only', 'missed', '--dry-run'],
      { url: database.url },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('There is no edition «daily:2020-01-01»');
    const never = await runCli(['resend', '--edition', 'daily:2026-02-30', '--only', 'missed', '--yes'], {
      url: database.url,
    });
    expect([never.code, never.stderr]).toEqual([2, expect.stringContaining('«daily:2026-02-30» is not an edition')]);
  }, 120_000);
});
