import { testContext } from '../../test/support/context.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { adminServer } from '../../test/admin/admin-server.ts';
import { NEWEST_ON } from './seed.ts';

/** The pages of an installation, asked for by a signed-in admin. */
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
  over: boolean;
}

const PAGE_MS = 200;
const SEARCH_MS = 100;
/** Asked for every few seconds. */
const METRICS_MS = 100;
const EDITION = encodeURIComponent(`daily:${NEWEST_ON}`);
/** A reader in the middle of them. */
const READER = `reader${'500003'.padStart(14, '0')}`;

/** Everything that is asked for; lists also at their end, where `last` names the parameter that leads there. */
export const PAGES: readonly { path: string; most?: number }[] = [
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
  { path: '/admin/sessions' },
  { path: '/admin/more' },
  { path: `/admin/why?email=reader500003%40d3.example&edition=${EDITION}` },
  { path: '/admin/why?email=reader500003%40d3.example' },
  { path: '/admin/search?q=reader50000', most: SEARCH_MS },
  { path: '/admin/search?q=%40d77.example', most: SEARCH_MS },
  { path: '/admin/search?q=d77', most: SEARCH_MS },
  { path: '/admin/search?q=sparse+attention', most: SEARCH_MS },
  { path: '/admin/search?q=2601.00042', most: SEARCH_MS },
  { path: '/admin/search?q=nobody+at+all', most: SEARCH_MS },
  { path: `/admin/search?q=${EDITION}`, most: SEARCH_MS },
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
  return {
    get: async (path) => {
      const answer = await server.get(path, cookie);
      return { status: answer.status, text: await answer.text() };
    },
    close: async () => {
      await server.close();
      await db.$disconnect();
      await pool.end();
    },
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

/** Asks for every page so many times, the first time unmeasured. */
export async function timePages(pages: OpenPages, rounds: number): Promise<Timed[]> {
  const timed: Timed[] = [];
  for (const { path, most = PAGE_MS } of PAGES) {
    const { status } = await pages.get(path);
    const taken: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const startedMs = performance.now();
      await pages.get(path);
      taken.push(performance.now() - startedMs);
    }
    taken.sort((a, b) => a - b);
    const at = (share: number) => taken[Math.min(taken.length - 1, Math.floor(share * taken.length))] ?? 0;
    timed.push({ path, status, p50: at(0.5), p95: at(0.95), most, over: at(0.95) > most });
    process.stderr.write(`${path} ${status} ${at(0.5).toFixed(0)} ${at(0.95).toFixed(0)}\n`);
  }
  return timed;
}
