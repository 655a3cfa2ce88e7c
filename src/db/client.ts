import { setFlagsFromString } from 'node:v8';
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import { PrismaClient, type Prisma } from './generated/client.ts';
import { gatherFacts } from './facts.ts';
import { codeErrors } from './pg-errors.ts';
import { keptName } from './planned-once.ts';
import { isPooled, sessionName, settle } from './sessions.ts';

/** The database: Prisma over one shared pool. */
export type Db = PrismaClient;

/** What the functions of `db/` take: the database itself, or a transaction on it. */
export type Tx = Prisma.TransactionClient;

const pools = new WeakMap<Db, pg.Pool>();
/** Pools of which a session was found to lead to a pooler: then others may as well. */
const behindPooler = new WeakSet<pg.Pool>();

/** Opens a pool of sessions of ours; `problem` hears of those that broke while idle, `patience` bounds waits. */
export function openPool(
  url: string,
  size: number,
  problem: (error: Error) => void,
  patience: Pick<pg.PoolConfig, 'connectionTimeoutMillis' | 'query_timeout'> = {},
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    ...patience,
    application_name: sessionName(),
    keepAlive: true,
    verify: (client, done) =>
      void settle(client).then(() => {
        if (isPooled(client)) behindPooler.add(pool);
        done();
      }, done),
  });
  pool.on('error', problem);
  // A session that breaks while it is checked out and idle (a lock's, say) has no other listener; its next query tells.
  pool.on('connect', (client) => client.on('error', () => {}));
  codeErrors(pool);
  return pool;
}

/** Opens Prisma on a pool; the pool stays its owner's to end. Behind a pooler a session has no plans to keep. */
export function openPrisma(pool: pg.Pool): Db {
  // Prisma's compiler of queries is WebAssembly, and keeps what it compiled: to optimise it brings nothing that can be
  // measured, and leaves threads with 10 to 20 MB they never give back (`npm run bench:start`).
  setFlagsFromString('--liftoff-only');
  const statementNameGenerator = ({ sql }: { sql: string }) => (behindPooler.has(pool) ? '' : keptName(sql));
  const db = new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: false, statementNameGenerator }) });
  pools.set(db, pool);
  return db;
}

/** Returns the pool under what is a database; undefined of a transaction. */
export function poolUnder(db: Tx): pg.Pool | undefined {
  return pools.get(db as Db);
}

/** Returns the pool under a database, for what needs a session of its own (locks, the queue). */
export function poolOf(db: Db): pg.Pool {
  const pool = pools.get(db);
  if (!pool) throw new Error('this database was not opened by openPrisma');
  return pool;
}

/**
 * Runs `work` in one transaction (READ COMMITTED) and returns its result; `timeoutMs` bounds the whole of it. What it
 * changed for readers and addresses is in the journal before this returns.
 */
export async function transaction<T>(db: Db, work: (tx: Tx) => Promise<T>, timeoutMs = 60_000): Promise<T> {
  let keep = () => {};
  const gathering = (tx: Tx) => {
    keep = gatherFacts(db, tx);
    return work(tx);
  };
  // oxlint-disable-next-line house/transaction -- the one way
  const result = await db.$transaction(gathering, { timeout: timeoutMs, maxWait: 10_000 });
  keep();
  return result;
}
