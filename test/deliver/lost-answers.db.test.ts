import { once } from 'node:events';
import net from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { countByState } from '../../src/db/ledger/deliveries.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMany } from '../world/mails.ts';

const database = testDatabase();
const closers: (() => Promise<unknown>)[] = [];
let smtp: TestSmtp;

beforeEach(async () => {
  await clearLedger(database.db);
  smtp = await startSmtp();
  closers.push(() => smtp.close());
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** ReadyForQuery, idle: the last thing the server says, after the commit (PostgreSQL's protocol, 55.7). */
const COMMITTED = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/**
 * A wire to the database that delivers a statement naming these words, waits for its commit, swallows the answer and
 * breaks; so many times.
 */
async function startDeafWire(words: string, times: number): Promise<{ url: string; lost: () => number }> {
  const { hostname, port } = new URL(database.url);
  let lost = 0;
  const server = net.createServer((near) => {
    const far = net.connect(Number(port), hostname);
    let deaf = false;
    let tail = Buffer.alloc(0);
    near.on('data', (chunk) => {
      if (!deaf && lost < times && chunk.includes(words)) {
        deaf = true;
        lost += 1;
      }
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      if (!deaf) return void near.write(chunk);
      tail = Buffer.concat([tail, chunk]).subarray(-COMMITTED.length);
      if (tail.equals(COMMITTED)) near.resetAndDestroy();
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => {});
      one.on('close', () => other.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(async () => {
    server.close();
    await once(server, 'close');
  });
  const url = new URL(database.url);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as net.AddressInfo).port);
  return { url: url.href, lost: () => lost };
}

it.each([
  ['a claim', 'WITH RECURSIVE lots', 2],
  ['a batch', 'deliveries-record', 3],
  ['the look for dead workers', 'WITH dead AS', 1],
  ['what is given back', 'greatest(next_attempt_at', 1],
])(
  'when the answers of %s are lost after their commit, then the run goes on, nothing is stuck and nobody is missed or mailed twice',
  async (_what, words, times) => {
    await planMany(database.db, 120);
    const wire = await startDeafWire(words, times);
    const pool = openPool(wire.url, 6, () => {});
    const db = openPrisma(pool);
    closers.push(
      () => pool.end(),
      () => db.$disconnect(),
    );
    const ctx = await testContext(
      { url: wire.url, pool, db },
      { SMTP_URL: smtp.url, SEND_CONNECTIONS: '2', LEASE_SECONDS: '3600' },
      { composer: () => Promise.resolve(plainComposer()) },
    );
    expect((await runDeliver(ctx)).sent).toBe(120); // in this run: no lease had to end
    expect(wire.lost()).toBe(times);
    expect(await countByState(database.db)).toMatchObject({ sent: 120, sending: 0 });
    expect(smtp.mails).toHaveLength(120);
    expect(new Set(smtp.mails.map(({ to }) => to)).size).toBe(120);
    expect((await ledger(database.db)).every(({ tries }) => tries === 1)).toBe(true);
  },
);
