import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPages, PAGES, type OpenPages } from '../../bench/admin/pages.ts';
import { NEWEST_ON, NOW } from '../../bench/admin/rows.ts';
import { seedAdmin } from '../../bench/admin/seed.ts';
import { cursorOf } from '../../src/lib/cursor.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const AMOUNTS = { readers: 30_000, deliveries: 150_000, editions: 25 };
/** No page reads more rows than this from end to end of a table. */
const MOST_ROWS = 10_000;
/** What the last page of a list may read more than the first, in blocks. */
const SLACK = 150;

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks'?: number;
  'Shared Read Blocks'?: number;
  Plans?: Plan[];
}
interface Sent {
  text: string;
  values: unknown[];
}

let pages: OpenPages;
const sent: Sent[] = [];

beforeAll(async () => {
  await seedAdmin(database.pool, AMOUNTS, () => {});
  pages = await openPages(database.url, NOW, (text, values) => void sent.push({ text, values }));
}, 300_000);
afterAll(() => pages.close());

/** Asks for a page and explains every statement that it reads with, as it was really run. */
async function plansOf(path: string): Promise<{ text: string; plan: Plan }[]> {
  sent.length = 0;
  expect((await pages.get(path)).status).toBeLessThan(400);
  const read = sent.filter(
    ({ text }) => /^\s*(select|with)/i.test(text) && !/\b(for update|update|insert|delete)\b/i.test(text),
  );
  const plans: { text: string; plan: Plan }[] = [];
  for (const { text, values } of read) {
    const { rows } = await database.pool.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
      values,
    );
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (plan) plans.push({ text, plan });
  }
  return plans;
}

function longScans(plan: Plan): string[] {
  const rows = (plan['Actual Rows'] + (plan['Rows Removed by Filter'] ?? 0)) * plan['Actual Loops'];
  const own =
    plan['Node Type'].endsWith('Seq Scan') && rows > MOST_ROWS ? [`${plan['Relation Name'] ?? ''}: ${rows} rows`] : [];
  return [...own, ...(plan.Plans ?? []).flatMap(longScans)];
}

const blocks = ({ plan }: { plan: Plan }) => (plan['Shared Hit Blocks'] ?? 0) + (plan['Shared Read Blocks'] ?? 0);
const blocksOf = async (path: string) => (await plansOf(path)).reduce((sum, one) => sum + blocks(one), 0);

describe('the admin’s pages and the API’s lists over many rows', () => {
  test.each(PAGES.flatMap(({ path, reads }) => (reads === undefined ? [path] : [])))(
    'when %s is asked for, then no table is read from end to end',
    async (path) => {
      const plans = await plansOf(path.replace('00000000500003', '00000000015003').replace('500003', '15003'));
      expect(
        plans.flatMap(({ text, plan }) => longScans(plan).map((scan) => `${scan} in ${text.slice(0, 200)}`)),
      ).toEqual([]);
    },
  );

  test.each([
    ['/admin/subscribers', cursorOf('readers', 'number').write([60])],
    ['/admin/deliveries', cursorOf('deliveries', 'bigint').write([90n])],
    ['/admin/audit', cursorOf('acts', 'bigint').write([90n])],
    ['/admin/editions', cursorOf('editions', 'number').write([20])],
    [
      '/admin/suppressions',
      cursorOf('suppressions', 'instant', 'bytes').write([
        new Date(Date.parse(NEWEST_ON) - 49_900 * 60_000),
        Buffer.alloc(32),
      ]),
    ],
    ['/admin/without', cursorOf('nothing', 'bigint', 'number').write([1n, 100])],
    ['/api/v1/subscribers', cursorOf('subscribers', 'number').write([29_940])],
    ['/api/v1/subscribers?cadence=daily', cursorOf('readers', 'number').write([60])],
    ['/api/v1/subscribers?search=reader', cursorOf('subscribers found', 'text').write(['reader9998'])],
    ['/api/v1/interests', cursorOf('interests', 'number').write([60])],
    ['/api/v1/papers', cursorOf('papers', 'number').write([60])],
    ['/api/v1/digests', cursorOf('digests', 'date', 'text').write(['2024-12-10', 'bench'])],
    ['/api/v1/deliveries', cursorOf('deliveries', 'bigint').write([149_940n])],
    [`/api/v1/deliveries?reason=unsubscribed`, cursorOf('deliveries', 'bigint').write([149_000n])],
    ['/api/v1/without?reason=no-news', cursorOf('nothing', 'bigint', 'number').write([1n, 100])],
    ['/api/v1/acts', cursorOf('acts', 'bigint').write([90n])],
    ['/api/v1/acts?actor=reader&action=unsubscribe', cursorOf('acts', 'bigint').write([90n])],
    ['/api/v1/runs', cursorOf('runs', 'number').write([60])],
    ['/api/v1/runs?busy=true', cursorOf('busy runs', 'number').write([400])],
    ['/api/v1/errands', cursorOf('errands', 'number').write([60])],
  ])('when the end of %s is asked for, then it costs no more than its beginning', async (path, cursor) => {
    const first = await blocksOf(path);
    expect(await blocksOf(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`)).toBeLessThan(first + SLACK);
  });
});
