import pg from 'pg';
import { afterEach, describe, expect, it } from 'vitest';
import { openPool, openPrisma, transaction, type Db } from '../../src/db/client.ts';
import { codeErrors } from '../../src/db/pg-errors.ts';
import { isOutage } from '../../src/lib/outage.ts';
import { testDatabase } from '../support/database.ts';
import { startWire, type Wire } from '../support/wire.ts';

const own = testDatabase();
const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Way {
  pool: pg.Pool;
  db: Db;
  wire: Wire;
}

/** What a session other than ours is at, or waits for the lock of `whileLocked` with. */
const OTHERS_AT_WORK = `pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
  AND state = 'active' AND query !~ 'LOCK TABLE' AND (query ~ '^SELECT pg_sleep' OR wait_event_type = 'Lock')`;

/** A pool and Prisma over a wire of their own; whoever still sleeps on the other end of an earlier one is ended. */
async function lay(): Promise<Way> {
  await own.pool.query(`SELECT pg_terminate_backend(pid, 5000) FROM (SELECT ${OTHERS_AT_WORK}) AS asleep`);
  const wire = await startWire(own.url);
  const pool = openPool(wire.url, 3, () => {});
  const db = openPrisma(pool);
  open.push(
    () => wire.close(),
    () => pool.end(),
    () => db.$disconnect(),
  );
  return { pool, db, wire };
}

/** What asking ends in. */
async function problemOf(asking: Promise<unknown>): Promise<Error & { code?: string }> {
  return asking.then(
    () => expect.fail('it was answered'),
    (error: unknown) => error as Error,
  );
}

/** Everything that can be under way when a connection ends; each of it waits for `fall` in the middle. */
const UNDER_WAY: Record<string, (way: Way, fall: () => void) => Promise<unknown>> = {
  'a query of the pool': ({ pool }, fall) => (later(fall), pool.query('SELECT pg_sleep(10)')),
  'a query of a session': async ({ pool }, fall) => {
    const client = await pool.connect();
    later(fall);
    return client.query('SELECT pg_sleep(10)').finally(() => client.release(true));
  },
  'a query with a callback': ({ pool }, fall) =>
    new Promise((resolve, reject) => {
      later(fall);
      pool.query('SELECT pg_sleep(10)', (error, result) => (error ? reject(error) : resolve(result)));
    }),
  'a statement of ours': ({ db }, fall) => (later(fall), db.$executeRaw`SELECT pg_sleep(10)`),
  'a statement in a transaction': ({ db }, fall) =>
    transaction(db, async (tx) => (later(fall), await tx.$executeRaw`SELECT pg_sleep(10)`)),
  'the next statement of a transaction': ({ db }, fall) =>
    transaction(db, async (tx) => {
      await tx.edition.count();
      fall();
      await new Promise((resolve) => setTimeout(resolve, 50));
      await tx.edition.count();
    }),
  'a commit': ({ db }, fall) =>
    transaction(db, async (tx) => {
      await tx.edition.count();
      fall();
    }),
  'a question of the model': ({ db }, fall) => whileLocked(() => (later(fall), db.edition.count())),
};

/** Lets it fall once the server is at work on what was asked. */
function later(fall: () => void): void {
  const look = async () => {
    for (let tries = 0; tries < 1_000; tries++) {
      const { rows } = await own.pool.query(`SELECT ${OTHERS_AT_WORK}`);
      if (rows.length > 0) return fall();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };
  void look();
}

/** Holds a lock that whoever counts editions waits for. */
async function whileLocked<T>(work: () => Promise<T>): Promise<T> {
  const holder = await own.pool.connect();
  await holder.query('BEGIN; LOCK TABLE editions');
  try {
    return await work();
  } finally {
    await holder.query('ROLLBACK');
    holder.release();
  }
}

/** Ends every other session of this database, as a server that is shut down does. */
const terminate = () =>
  void own.pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND query !~ 'LOCK TABLE'`,
  );

describe('a connection that ends', () => {
  it.each(Object.keys(UNDER_WAY))(
    'when %s is under way, then it is an outage by its code, however it ends',
    async (what) => {
      for (const how of ['cut', 'hangUp'] as const) {
        const way = await lay();
        const problem = await problemOf(UNDER_WAY[what]!(way, () => way.wire[how]()));
        expect.soft(isOutage(problem), `${how}: ${problem.message}`).toBe(true);
      }
    },
  );

  it.each(['a query of the pool', 'a statement of ours', 'a statement in a transaction', 'a question of the model'])(
    'when the server ends it during %s, then it is an outage by its code',
    async (what) => {
      const problem = await problemOf(UNDER_WAY[what]!(await lay(), terminate));
      expect(isOutage(problem), problem.message).toBe(true);
    },
  );

  it('when it has only words for it, then the library says those we know', async () => {
    const { pool, wire } = await lay();
    const client = await pool.connect();
    const running = problemOf(client.query('SELECT pg_sleep(10)'));
    later(() => wire.hangUp());
    expect(await running).toMatchObject({ message: 'Connection terminated unexpectedly', code: '08006' });
    expect(await problemOf(client.query('SELECT 1'))).toMatchObject({ message: /is not queryable/, code: '08006' });
    client.release(true);
    expect(await problemOf(pool.query('SELECT 1'))).toMatchObject({
      message: 'Connection terminated unexpectedly',
      code: '08006',
    });
    const lonely = new pg.Pool({ connectionString: own.url }); // its one session is ended below, and so is all of it
    codeErrors(lonely);
    const other = await lonely.connect();
    const ending = other.end();
    const closed = await problemOf(other.query('SELECT 1'));
    expect(closed).toMatchObject({ message: 'Client was closed and is not queryable', code: '08006' });
    await ending;
  });

  it('when nobody answers, or the pool is used up, then that is an outage by its code', async () => {
    const url = new URL(own.url);
    const few = new pg.Pool({
      connectionString: url.href,
      max: 1,
      connectionTimeoutMillis: 1_500,
      query_timeout: 1_500,
    });
    codeErrors(few);
    open.push(() => few.end());
    const only = await few.connect();
    expect(await problemOf(few.query('SELECT 1'))).toMatchObject({ message: /timeout exceeded/, code: '08006' });
    expect(await problemOf(only.query('SELECT pg_sleep(10)'))).toMatchObject({ message: /timeout/, code: '08006' });
    only.release(true);
    const { db, wire } = await lay();
    await wire.close();
    const askings = [
      () => db.$queryRaw`SELECT 1`,
      () => db.edition.count(),
      () => transaction(db, (tx) => tx.edition.count()),
    ];
    for (const asking of askings) {
      const problem = await problemOf(asking());
      expect.soft(isOutage(problem), problem.message).toBe(true);
    }
  });
});

describe('what the server says', () => {
  const OUTAGES = [
    '57P01',
    '57P03',
    '53300',
    '53100',
    '58030',
    '08006',
    '40001',
    '40P01',
    '57014',
    '55P03',
    '25P03',
    '25P04',
  ];
  const OTHERS = ['23505', '22P02', '22021', '42P01', '23514', 'P0001'];

  it.each([...OUTAGES, ...OTHERS])('when it is %s, then it is taken for what it is over every road', async (state) => {
    await own.pool.query(`CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'terminating connection: timeout' USING ERRCODE = '${state}'; END $$`);
    await own.pool.query(
      'CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON editions FOR EACH STATEMENT EXECUTE FUNCTION refuse()',
    );
    const create = (db: Pick<Db, 'edition'>) => db.edition.create({ data: { key: state, createdAt: new Date() } });
    const insert = `INSERT INTO editions (key, created_at) VALUES ('${state}', now())`;
    const roads = [
      () => create(own.db),
      () => transaction(own.db, create),
      () => own.db.$executeRawUnsafe(insert),
      () => transaction(own.db, (tx) => tx.$executeRawUnsafe(insert)),
      () => own.pool.query(insert),
    ];
    for (const road of roads) {
      const problem = await problemOf(road());
      expect.soft(isOutage(problem), problem.message).toBe(OUTAGES.includes(state));
    }
  });

  it('when a transaction takes longer than it may, then that is told by its code', async () => {
    const problem = await problemOf(transaction(own.db, (tx) => tx.$queryRaw`SELECT pg_sleep(0.5)::text`, 50));
    expect(problem.code).toBe('P2028');
    expect(isOutage(problem)).toBe(true);
  });

  it('when we reckon for longer than the server lets a transaction stand idle, then that is told by its code', async () => {
    const problem = await problemOf(
      transaction(own.db, async (tx) => {
        await tx.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 100`;
        await tx.edition.count();
        for (const until = Date.now() + 400; Date.now() < until;); // nothing is read meanwhile
        await tx.edition.count();
      }),
    );
    expect(problem.message).toContain('25P03');
    expect(isOutage(problem)).toBe(true);
  });
});
