import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openPages, PAGES, type OpenPages } from '../../bench/admin/pages.ts';
import { NEWEST_ON, NOW, seedAdmin } from '../../bench/admin/seed.ts';
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

describe('the admin’s pages over many rows', () => {
  test.each(PAGES.map(({ path }) => path))(
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
  ])('when the end of %s is asked for, then it costs no more than its beginning', async (path, cursor) => {
    const first = await blocksOf(path);
    expect(await blocksOf(`${path}?cursor=${cursor}`)).toBeLessThan(first + SLACK);
  });
});
