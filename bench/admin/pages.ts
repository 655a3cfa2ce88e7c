import { randomUUID } from 'node:crypto';
import { createToken } from '../../src/operate/create-token.ts';
import { testContext, type TestContext } from '../../test/support/context.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { adminServer } from '../../test/admin/admin-server.ts';
import { isOver } from '../over.ts';
import { NEWEST_ON } from './rows.ts';

/** The pages of an installation, asked for by a signed-in admin, and the API's lists, asked for by a program. */
export interface OpenPages {
  /** Asks for a page; returns its status and its text. */
  get(path: string): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

/** What asking for a page took, in milliseconds. */
export interface Timed {
  path: string;
  status: number;
  p50: number;
  p95: number;
  /** What it may take. */
  most: number;
  /** It took more, or was refused. */
  over: boolean;
}

const PAGE_MS = 200;
const SEARCH_MS = 100;
/** Asked for every few seconds. */
const METRICS_MS = 100;
const EDITION = encodeURIComponent(`daily:${NEWEST_ON}`);
/** A reader in the middle of them. */
const READER = `reader${'500003'.padStart(14, '0')}`;

const API = '/api/v1';
/** The API's lists, as many rows as it gives at once; topics and jobs come whole. */
export const LISTS: readonly string[] = [
  '/subscribers', // a call a line
  '/subscribers?status=pending',
  '/subscribers?search=reader50000',
  '/subscribers?state=paused',
  '/subscribers?interest=interest+77',
  '/subscribers?domain=d77.example',
  '/subscribers?cadence=weekly&language=de',
  '/subscribers?source=form',
  '/interests',
  '/interests?kind=words',
  '/papers',
  '/digests',
  '/digests?state=held',
  '/editions',
  '/deliveries',
  `/deliveries?edition=${EDITION}&state=bounced`,
  '/deliveries?state=planned',
  '/deliveries?reason=unsubscribed',
  '/deliveries?email=reader500003%40d3.example',
  '/without',
  `/without?edition=${EDITION}`,
  `/without?edition=${EDITION}&reason=no-papers`,
  '/without?reason=no-news',
  '/suppressions',
  '/acts',
  `/acts?subject=${READER}`,
  '/acts?actor=reader&action=unsubscribe',
  '/acts?since=2026-01-04T00:00:00Z&until=2026-01-05T00:00:00Z',
  '/runs',
  '/runs?job=plan&busy=true',
  '/errands',
]
  .map((path) => `${API}${path}${path.includes('?') ? '&' : '?'}limit=200`)
  .concat(`${API}/topics`, `${API}/jobs`);

/** Everything that is asked for; `reads` says of which table all is read, and why. */
export const PAGES: readonly { path: string; most?: number; reads?: string }[] = [
  { path: '/admin' },
  { path: '/admin/subscribers' },
  { path: '/admin/subscribers?status=pending' },
  { path: `/admin/subscribers/${READER}` },
  { path: '/admin/editions' },
  { path: `/admin/editions/${EDITION}` },
  { path: `/admin/deliveries?edition=${EDITION}&state=cancelled&reason=unsubscribed` },
  { path: '/admin/deliveries' },
  { path: `/admin/deliveries?edition=${EDITION}&state=bounced` },
  { path: '/admin/deliveries?state=uncertain' },
  { path: '/admin/deliveries?state=planned' },
  { path: '/admin/deliveries?reason=unsubscribed' },
  { path: '/admin/deliveries?email=reader500003%40d3.example' },
  { path: '/admin/suppressions' },
  { path: '/admin/digests' },
  { path: '/admin/sources' },
  { path: '/admin/topics' },
  { path: '/admin/audit' },
  { path: '/admin/without' },
  { path: `/admin/without?edition=${EDITION}&reason=no-news` },
  { path: '/admin/jobs' },
  { path: '/admin/sessions' },
  { path: '/admin/more' },
  { path: `/admin/why?email=reader500003%40d3.example&edition=${EDITION}` },
  { path: '/admin/why?email=reader500003%40d3.example' },
  { path: '/admin/search?q=reader50000', most: SEARCH_MS },
  { path: '/admin/search?q=%40d77.example', most: SEARCH_MS },
  { path: '/admin/search?q=d77', most: SEARCH_MS },
  { path: '/admin/search?q=eader50000', most: SEARCH_MS },
  { path: '/admin/search?q=ader', most: SEARCH_MS },
  { path: '/admin/search?q=zqx9', most: SEARCH_MS },
  { path: '/admin/search?q=sparse+attention', most: SEARCH_MS },
  { path: '/admin/search?q=tudy+tention', most: SEARCH_MS },
  { path: '/admin/search?q=2601.00042', most: SEARCH_MS },
  { path: '/admin/search?q=nobody+at+all', most: SEARCH_MS },
  { path: `/admin/search?q=${EDITION}`, most: SEARCH_MS },
  ...LISTS.map((path) => ({ path })),
  {
    path: `${API}/subscribers?state=suppressed&limit=200`,
    reads: 'suppressions: where they are many, hashed once; where they are few, the readers are found by them',
  },
  { path: `${API}/subscribers?unmailedSince=2026-01-01T00:00:00Z&limit=200` },
  { path: '/metrics', most: METRICS_MS },
];

/** Serves the pages of a database and signs in; `hear` is told every statement that is sent. */
export async function openPages(
  url: string,
  now: Date,
  hear?: (text: string, values: unknown[]) => void,
): Promise<OpenPages> {
  const pool = openPool(url, 12, () => {});
  if (hear) listen(pool, hear);
  const db = openPrisma(pool);
  const ctx = await testContext({ db, pool, url });
  ctx.setNow(now);
  await db.admin.upsert({
    where: { email: 'bench@example.org' },
    create: { email: 'bench@example.org', role: 'owner', createdAt: now },
    update: {},
  });
  const server = await adminServer(ctx);
  const { cookie } = await server.signIn('bench@example.org');
  const tokenFor = tokens(ctx);
  return {
    get: async (path) => {
      const answer = path.startsWith(API)
        ? await fetch(server.base + path, { headers: { authorization: `Bearer ${await tokenFor()}` } })
        : await server.get(path, cookie);
      return { status: answer.status, text: await answer.text() };
    },
    close: async () => {
      await server.close();
      await db.$disconnect();
      await pool.end();
    },
  };
}

/** Calls that one token is good for: it has 600 a minute. */
const CALLS = 500;

/** Gives a token that sees all, another one before its budget is used up. */
function tokens(ctx: TestContext): () => Promise<string> {
  let [calls, token] = [CALLS, ''];
  return async () => {
    if (++calls > CALLS) {
      const wish = { name: `bench-${randomUUID().slice(0, 30)}`, scopes: ['*:read', 'addresses:read'] };
      [calls, token] = [1, (await createToken(ctx, wish, 'cli')).secret];
    }
    return token;
  };
}

function listen(pool: ReturnType<typeof openPool>, hear: (text: string, values: unknown[]) => void): void {
  const query = pool.query.bind(pool);
  pool.query = ((asked: string | { text: string; values?: unknown[] }, values?: unknown[]) => {
    if (typeof asked === 'string') hear(asked, values ?? []);
    else hear(asked.text, values ?? asked.values ?? []);
    return query(asked as string, values as never[]);
  }) as unknown as typeof pool.query;
}

/** Asks for every page so many times, the first time unmeasured; the status told is the worst. */
export async function timePages(pages: OpenPages, rounds: number, asked = PAGES): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const { path, most = PAGE_MS } of asked) {
    let { status } = await pages.get(path);
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      const answer = await pages.get(path);
      taken.push(performance.now() - startedMs);
      status = Math.max(status, answer.status);
    }
    taken.sort((a, b) => a - b);
    const at = (share: number) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))] ?? NaN;
    timed.push({ path, status, p50: at(0.5), p95: at(0.95), most, over: status >= 400 || isOver(at(0.95), most) });
    process.stderr.write(`${path} ${status} ${at(0.5).toFixed(0)} ${at(0.95).toFixed(0)}\n`);
  }
  return timed;
}
