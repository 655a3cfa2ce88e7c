import type pg from 'pg';
import { refuseOtherShape, shapeOf } from '../../test/support/shape.ts';
import * as rows from './rows.ts';
import { dropRules, makeRulesAgain, type Rules } from './rules-aside.ts';

/** How much there is of everything. */
export interface Amounts {
  readers: number;
  /** Mails, spread over the editions. */
  deliveries: number;
  editions: number;
}

/** Rows written by one statement. */
const CHUNK = 250_000;
/** Twice this much at most, once on each connection. */
const QUICKLY = `SET synchronous_commit = off; SET maintenance_work_mem = '512MB'; SET max_parallel_maintenance_workers = 4; SET work_mem = '128MB'`;

type Say = (step: string) => void;
type Work = (client: pg.ClientBase) => Promise<unknown>;

/**
 * Fills a migrated, empty database as years of use would. Rows come without indexes and keys, over two connections, and
 * all of those are made anew at the end. Throws an Error where the database is in another shape then.
 */
export async function seedAdmin(pool: pg.Pool, amounts: Amounts, say: Say): Promise<void> {
  const [one, two] = [await pool.connect(), await pool.connect()];
  const sideBySide = (work: readonly Work[]) => inTurn([one, two], work);
  try {
    for (const client of [one, two]) await client.query(QUICKLY);
    const shape = await shapeOf(one);
    const rules = await dropRules(one);
    await one.query(rows.EDITIONS, [amounts.editions, rows.NEWEST_ON]);
    await sideBySide(filling(amounts, say));
    await putBackRules(one, rules, sideBySide, say);
    await sideBySide([rows.SERIALS, ...rows.SUMS].map((sql) => (client) => client.query(sql)));
    say('sums');
    await one.query('VACUUM ANALYZE');
    say('statistics');
    refuseOtherShape(shape, await shapeOf(one));
  } finally {
    for (const client of [one, two]) client.release(true);
  }
}

/** What fills each table, the longest first; each may be done beside the others. */
function filling({ readers, deliveries, editions }: Amounts, say: Say): Work[] {
  const inChunks =
    (name: string, sql: string, count: number, ...more: number[]): Work =>
    async (client) => {
      for (let from = 1; from <= count; from += CHUNK) {
        const to = Math.min(count, from + CHUNK - 1);
        await client.query(sql, [from, to, ...more]);
        say(`${name} to ${to}`);
      }
    };
  const whole =
    (name: string, sql: string, ...values: unknown[]): Work =>
    async (client) => {
      await client.query(sql, values);
      say(name);
    };
  return [
    inChunks('mails', rows.DELIVERIES, deliveries, readers, editions),
    inChunks('newsletters', rows.NEWSLETTERS, deliveries, readers, editions),
    inChunks('attempts', rows.ATTEMPTS, deliveries),
    inChunks('wishes', rows.WISHES, readers),
    inChunks('readers', rows.READERS, readers),
    inChunks('words of addresses', rows.ADDRESS_WORDS, readers),
    ...rows.LISTS.map(([name, sql]) => whole(name, sql)),
    whole('reports', rows.REPORTS, deliveries, rows.NOW),
    whole('acts', rows.ACTS_SQL, rows.NOW),
    whole('blocked addresses', rows.BLOCKED),
    whole('runs and errands', rows.RUNS_SQL, rows.NOW),
    whole('readers without a newsletter', rows.NOTHING, readers, rows.NEWEST_ON, rows.NOW),
  ];
}

async function putBackRules(
  client: pg.ClientBase,
  rules: Rules,
  sideBySide: (work: readonly Work[]) => Promise<void>,
  say: Say,
): Promise<void> {
  const { indexes, last } = makeRulesAgain(rules);
  await sideBySide(indexes);
  say('indexes');
  await last(client);
  say('keys');
}

/** Does one work after the other on each of the connections, as it comes free. */
async function inTurn(clients: readonly pg.ClientBase[], work: readonly Work[]): Promise<void> {
  const waiting = [...work];
  const busy = async (client: pg.ClientBase) => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await next(client);
  };
  await Promise.all(clients.map(busy));
}
