import type { Pool } from 'pg';
import { poolOf, type Db } from '../../src/db/client.ts';
import { LEGAL_MOVES } from '../../src/model/delivery.ts';

const legal = Object.entries(LEGAL_MOVES)
  .flatMap(([from, moves]) => moves.map((to) => `('${from}', '${to}')`))
  .join(', ');

/**
 * Makes a database refuse what no move of LEGAL_MOVES allows, beginnings other than `planned`, and ends without a
 * reason. It is a wall of the tests, not of the product: `asFixture` passes it.
 */
export const WALL_SQL = `
CREATE FUNCTION refuse_delivery() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('offprint.fixture', true) = 'on' THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a delivery may not %', TG_ARGV[0] || ': ' || CASE WHEN TG_OP = 'UPDATE' THEN OLD.state || ' ▸ ' ELSE '' END || NEW.state;
END $$;
CREATE TRIGGER begin_planned BEFORE INSERT ON deliveries FOR EACH ROW
  WHEN (NEW.state <> 'planned') EXECUTE FUNCTION refuse_delivery('begin so');
CREATE TRIGGER move_legally BEFORE UPDATE OF state ON deliveries FOR EACH ROW
  WHEN (OLD.state <> NEW.state AND (OLD.state, NEW.state) NOT IN (${legal})) EXECUTE FUNCTION refuse_delivery('move so');
CREATE TRIGGER end_for_a_reason BEFORE UPDATE OF state ON deliveries FOR EACH ROW
  WHEN (NEW.state IN ('bounced', 'failed', 'uncertain', 'cancelled') AND NEW.end_reason IS NULL) EXECUTE FUNCTION refuse_delivery('end without a reason')`;

/** Runs statements that put a test's ledger into any state they like, past the wall. */
export async function asFixture(on: Db | Pool, sql: string, values?: unknown[]): Promise<void> {
  const client = await ('connect' in on ? on : poolOf(on)).connect();
  try {
    await client.query("BEGIN; SET LOCAL offprint.fixture = 'on'");
    await client.query(sql, values);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}
