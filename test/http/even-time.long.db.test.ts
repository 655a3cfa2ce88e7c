import { afterAll, beforeAll, expect, test } from 'vitest';
import { addSuppression } from '../../src/db/subscribers/suppressions.ts';
import { addressHash } from '../../src/model/address.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { confirmedReader } from '../world/sign-ups.ts';
import { startWeb, type TestWeb } from './web-server.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;

beforeAll(async () => {
  ctx = await testContext(database, { TRUST_PROXY: '1' });
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** Requests of each sort; they take turns, so that a busy moment of the machine meets both. */
const TIMES = 15;

let visitors = 0;
const nextIp = () => ({ 'x-forwarded-for': `10.9.${++visitors & 255}.1` });

interface Sort {
  what: string;
  /** Makes an address of this sort, the n-th. */
  make: (n: number) => Promise<string>;
}

const UNKNOWN: Sort = { what: 'nobody', make: (n) => Promise.resolve(`nobody${visitors}.${n}@unknown${n}.example`) };
const READER: Sort = {
  what: 'a reader',
  make: async (n) => (await confirmedReader(ctx, `known${visitors}.${n}@known${n}.example`)).email,
};
const SUPPRESSED: Sort = {
  what: 'a suppressed one',
  make: async (n) => {
    const email = `gone${visitors}.${n}@gone${n}.example`;
    const hash = addressHash(ctx.keys.suppression, email);
    await addSuppression(ctx.db, { addressHash: hash, reason: 'hard', note: null, at: ctx.now() });
    return email;
  },
};

/** Every public answer that depends on what is known of an address. */
const ASKS: Record<string, (email: string, n: number) => Promise<Response>> = {
  'sign up': (email) => web.post('/subscribe', { email }, nextIp()),
  'ask for my link': (email) => web.post('/preferences', { email }, nextIp()),
  'move to it': async (email, n) => {
    const reader = movers[n]!;
    return web.post(reader, { action: 'address', newEmail: email }, nextIp());
  },
};
const movers: string[] = [];

/** How long an answer takes to be there whole, in milliseconds. */
async function timed(ask: () => Promise<Response>): Promise<number> {
  const startedMs = performance.now();
  const answer = await ask();
  await answer.text();
  expect(answer.status).toBeLessThan(300);
  return performance.now() - startedMs;
}

const median = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)]!;

/**
 * The chance that one of the first took longer than one of the second: 0.5 where the time tells nothing, 0 or 1 where
 * it tells all.
 */
function tells(first: number[], second: number[]): number {
  const longer = first.flatMap((a) => second.map((b) => Number(a > b)));
  return longer.reduce((sum, one) => sum + one, 0) / longer.length;
}

test.each([
  { ask: 'sign up', sort: READER },
  { ask: 'sign up', sort: SUPPRESSED },
  { ask: 'ask for my link', sort: READER },
  { ask: 'ask for my link', sort: SUPPRESSED },
  { ask: 'move to it', sort: READER },
  { ask: 'move to it', sort: SUPPRESSED },
])(
  'when an address of $sort.what is used to $ask, then the answer takes as long as for one that nobody knows',
  { retry: 3 }, // an answer that tells something tells it in every round; a machine busy with other things tilts one
  async ({ ask, sort }) => {
    await ctx.db.$executeRaw`CALL empty_tables('rate_limits')`;
    movers.length = 0;
    if (ask === 'move to it') {
      for (let n = 0; n < 2 * TIMES + 2; n++)
        movers.push((await confirmedReader(ctx, `mover${visitors}.${n}@m${n}.example`)).preferences);
    }
    const emails = await Promise.all(
      Array.from({ length: TIMES + 1 }, async (_, n) => ({
        known: await sort.make(n),
        unknown: await UNKNOWN.make(n),
      })),
    );
    const known: number[] = [];
    const unknown: number[] = [];
    for (const [n, pair] of emails.entries()) {
      known.push(await timed(() => ASKS[ask]!(pair.known, 2 * n)));
      unknown.push(await timed(() => ASKS[ask]!(pair.unknown, 2 * n + 1)));
    }
    known.shift(); // the first of each warms up
    unknown.shift();
    const ratio = median(known) / median(unknown);
    expect(ratio, `${median(known)} ms : ${median(unknown)} ms`).toBeGreaterThan(0.9);
    expect(ratio, `${median(known)} ms : ${median(unknown)} ms`).toBeLessThan(1.1);
    expect(tells(known, unknown)).toBeGreaterThan(0.15);
    expect(tells(known, unknown)).toBeLessThan(0.85);
  },
);
