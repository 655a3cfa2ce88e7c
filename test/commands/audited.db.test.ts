import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planMany } from '../world/mails.ts';
import { runCli } from '../support/cli.ts';
import { testDatabase } from '../support/database.ts';
import { asFixture } from '../support/wall.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';

beforeEach(async () => {
  await database.db
    .$executeRaw`CALL empty_tables('subscribers, editions, newsletters, deliveries, suppressions, audit_log')`;
  await planMany(database.db, 3, EDITION);
});
afterEach(() => database.pool.query('DROP TRIGGER IF EXISTS refuse ON audit_log'));

const ledger = async () => (await database.pool.query('SELECT * FROM deliveries ORDER BY id')).rows as object[];
const editions = async () => (await database.pool.query('SELECT * FROM editions ORDER BY id')).rows as object[];

async function refuseEntries(): Promise<void> {
  await database.pool.query(
    "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the log is full'; END $$",
  );
  await database.pool.query('CREATE TRIGGER refuse BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION refuse()');
}

describe('a command of which nothing can be written into the audit log', () => {
  it.each([
    ['editions pause', ['editions', 'pause', EDITION, '--yes'], 'planned'],
    ['editions cancel', ['editions', 'cancel', EDITION, '--yes'], 'planned'],
    ['resend', ['resend', '--edition', EDITION, '--only', 'failed', '--yes'], 'failed'],
  ])(
    'when it is %s, then it fails and changes nothing',
    async (_name, args, state) => {
      if (state === 'failed')
        await asFixture(
          database.pool,
          "UPDATE deliveries SET state = 'failed', end_reason = 'late', finished_at = now()",
        );
      const before = [await ledger(), await editions()];
      await refuseEntries();
      const { code, stderr } = await runCli(args, { url: database.url });
      expect([code, stderr]).toEqual([1, expect.stringContaining('the log is full')]);
      expect([await ledger(), await editions()]).toEqual(before);
    },
    240_000,
  );
});
