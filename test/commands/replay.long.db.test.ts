import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ingestInputs, runIngest } from '../../src/ingest/run-ingest.ts';
import { runMatch } from '../../src/match/run-match.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { runCli } from '../support/cli.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { hfAnswer } from '../world/captures.ts';
import { makeReader } from '../world/readers.ts';

const database = testDatabase();
const TITLES = ['Kelp forests and robots', 'Tides that turn', 'Sand moves'];
const TABLES = ['captures', 'digests', 'entries', 'papers', 'paper_identities', 'matches', 'newsletters', 'audit_log'];

/** What stands in the tables, whole. */
async function everything() {
  const rows = TABLES.map((table) =>
    database.pool.query(`SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) AS rows FROM ${table} t`),
  );
  return (await Promise.all(rows)).map((answer) => (answer.rows as { rows: string }[])[0]?.rows);
}

test('when captures are read again, then what other parsers made of them is told, down to newsletters, and nothing changes', async () => {
  const ctx = await testContext(database);
  const folder = mkdtempSync(join(tmpdir(), 'offprint-replay-'));
  writeFileSync(
    join(folder, 'a.json'),
    hfAnswer(
      '2026-01-05',
      TITLES.map((title, at) => ({ title, arxivId: `2601.0000${at}` })),
    ),
  );
  writeFileSync(join(folder, 'b.json'), '{"odd": true}');
  ctx.setNow('2026-01-05T02:00:00Z');
  await ingestInputs(ctx, [folder], { source: 'lab' });
  await makeReader(ctx.db, new Date('2026-01-04T12:00:00Z'), { wishes: ['"kelp forests"'] });
  await runMatch(ctx);
  ctx.setNow('2026-01-05T08:00:10Z');
  expect(await runPlan(ctx)).toMatchObject({ newsletters: 1 });

  const replay = async (...args: string[]) => {
    const before = await everything();
    const run = await runCli(['replay', '--from', '2026-01-01', '--to', '2026-01-09', ...args], { url: database.url });
    expect(await everything()).toEqual(before);
    return run;
  };
  const same = await replay('--dry-run', '--json');
  expect(same.json()).toEqual([
    expect.objectContaining({
      kind: 'sums',
      captures: 2,
      older: 0,
      changed: 0,
      added: 0,
      gone: 0,
      matches: 0,
      newsletters: 0,
    }),
  ]);
  expect((await replay()).code).toBe(2);

  // As parsers before would have read it: another title, one paper less, and one that stands nowhere.
  await database.pool.query(`UPDATE captures SET parser_version = NULL`);
  await database.pool.query(`UPDATE entries SET title = 'Kelp &#38; robots' WHERE position = 1`);
  await database.pool.query(
    `UPDATE papers SET title = 'Kelp &#38; robots', abstract = 'Nothing.' WHERE arxiv_id = '2601.00000'`,
  );
  await database.pool.query(`UPDATE entries SET abstract = 'Nothing.' WHERE position = 1`);
  await database.pool.query(`DELETE FROM matches`);
  await database.pool.query(`DELETE FROM entries WHERE position = 2`);
  await database.pool.query(
    `UPDATE captures SET state = 'parsed', problem = NULL, digest_on = '2026-01-05' WHERE name = 'b.json'`,
  );
  const told = (await replay('--dry-run', '--json')).json();
  const of = (kind: string) => told.filter((line) => line['kind'] === kind);
  expect(of('entry')).toEqual([
    expect.objectContaining({
      change: 'changed',
      fields: ['title', 'abstract'],
      source: 'lab',
      digestOn: '2026-01-05',
      was: { title: 'Kelp &#38; robots', abstract: 'Nothing.' },
    }),
    expect.objectContaining({ change: 'added', title: TITLES[1] }),
  ]);
  expect(of('capture')).toEqual([expect.objectContaining({ name: 'b.json', was: '2026-01-05', would: 'no digest' })]);
  expect(of('match')).toEqual([expect.objectContaining({ was: 0, crosses: true, interest: '"kelp forests"' })]);
  expect(of('newsletters')).toEqual([{ kind: 'newsletters', edition: 'daily:2026-01-05', newsletters: 1 }]);
  expect(of('sums')).toEqual([expect.objectContaining({ older: 2, changed: 1, added: 1, crossing: 1 })]);
  expect((await replay('--dry-run')).stdout).toMatch(/changed\s+title abstract\s+Kelp &#38; robots/);
});

test('when captures of a day looked wrong or were of two days at once, then nothing is told of them', async () => {
  await database.db.$executeRaw`CALL empty_tables('captures, digests, papers, deliveries')`;
  const folder = mkdtempSync(join(tmpdir(), 'offprint-replay-'));
  const item = (title: string) =>
    `<item><title>${title}</title><link>https://k.example.org/${title.length}</link></item>`;
  const feed = (...titles: string[]) =>
    `<rss version="2.0"><channel><title>k</title><pubDate>2026-01-05</pubDate>${titles.map(item).join('')}</channel></rss>`;
  for (const [name, text] of Object.entries({ a: feed('Kelp'), b: feed('', 'Of a feed cut'), c: feed('Kelp', 'Sand') }))
    writeFileSync(join(folder, `${name}.xml`), text);
  const play: typeof fetch = () => Promise.resolve(new Response('[]'));
  const api = await testContext(
    database,
    { SOURCES: `papers=${folder} list=https://k.example.org/?date={date}` },
    { fetch: play },
  );
  api.setNow('2026-01-08T02:00:00Z');
  await runIngest(api);
  expect(await database.db.digest.count({ where: { source: 'list' } })).toBe(4);
  const args = ['replay', '--from', '2026-01-01', '--to', '2026-01-09', '--dry-run', '--json'];
  const told = (await runCli(args, { url: database.url })).json();
  expect(told).toEqual([expect.objectContaining({ kind: 'sums', captures: 4, otherwise: 0, added: 0, gone: 0 })]);
  const turned = ['replay', '--from', '2026-01-09', '--to', '2026-01-01', '--dry-run'];
  const refused = await runCli(turned, { url: database.url });
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain('expected days in their order');
});
