import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { strikeDomain } from '../../src/db/sending/paces.ts';
import { openLog } from '../../src/create-context.ts';
import { openQueue, type WorkQueue } from '../../src/queue.ts';
import { jobs, runJob } from '../../src/jobs.ts';
import { importAtOnce } from '../../src/operate/errands/import-at-once.ts';
import { beginOnReaders } from '../../src/operate/errands/on-readers.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { liftSuppression } from '../../src/operate/lift-suppression.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { makeDigest } from '../world/digests.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const OLD = 'quenby.marlowe+papers@before.example';
const NEW = 'quenby.marlowe@after.example';
/** What must be found nowhere: any form of either address, and words that nobody else asked for. */
const TRACES = ['quenby', 'before.example', 'after.example', 'a very private subject', 'an unspoken word'];
const BROWSER = 'Mozilla/5.0 (quenbyphone)';

const database = testDatabase();
let ctx: TestContext;
let queue: WorkQueue;
let web: TestWeb;
let log = '';

beforeAll(async () => {
  ctx = await testContext(database, { LOG_LEVEL: 'trace' });
  ctx.log = openLog(ctx.config, { write: (line) => (log += line) });
  queue = await openQueue(database.pool, ctx.log);
  ctx.queue = queue;
  web = await startWeb(ctx);
  await makeDigest(ctx.db, '2026-01-05', ['Alpha', 'Beta', 'Gamma'], ctx.now());
});
afterAll(async () => {
  await web.close();
  await queue.close();
});

async function workAt(instant: string): Promise<void> {
  ctx.setNow(instant);
  for (const job of jobs) if (job.name !== 'ingest') await runJob(ctx, job);
}

/** Every mail in the outbox folder, as its bytes read. */
function outbox(): string[] {
  const folder = join(ctx.config.DATA_DIR, 'outbox');
  return readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'));
}

/** The newest mail to an address holds this link. */
function linkTo(email: string, path: string): string {
  const text = outbox()
    .filter((mail) => mail.toLowerCase().includes(`to: ${email}`) || mail.toLowerCase().includes(`<${email}>`))
    .map((mail) => mail.replace(/=\r?\n/g, '').replaceAll('=3D', '='))
    .findLast((mail) => mail.includes(`/${path}/`));
  const found = new RegExp(`/${path}/[\\w.-]+`).exec(text ?? '')?.[0];
  if (!found) throw new Error(`no /${path}/ link in a mail to ${email}`);
  return found;
}

/** Searches the text of every row of every table of every schema, and bytes as PostgreSQL writes them. */
async function tablesHolding(text: string): Promise<string[]> {
  const holding: string[] = [];
  for (const name of await tables()) {
    const rows = await ctx.db.$queryRawUnsafe<unknown[]>(
      `SELECT 1 FROM ${name} t WHERE t::text ILIKE '%' || $1 || '%' OR t::text LIKE '%' || encode(convert_to($1, 'UTF8'), 'hex') || '%' LIMIT 1`,
      text,
    );
    if (rows.length > 0) holding.push(name);
  }
  return holding;
}

async function tables(): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ name: string }[]>`
    SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
    WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`;
  return rows.map(({ name }) => name);
}

const importOf = (text: string) =>
  importAtOnce(ctx, Readable.from([text]), { name: 'list.csv', map: new Map(), actor: 'admin:root@example.org' });

async function liveAFullLife(): Promise<string> {
  const agent = { 'user-agent': BROWSER };
  const wishes = { interests: 'a very private subject\nalpha', muted: 'an unspoken word' };
  await web.post('/subscribe', { email: OLD, ...wishes }, agent);
  await workAt('2026-01-05T12:00:01Z');
  await web.get(`/subscribe?email=${OLD}`);
  await web.get(`/digests?q=${OLD}`);
  await web.get(`/preferences/${OLD}`);
  await web.post(linkTo(OLD, 'confirm'), {}, agent);
  await web.post(linkTo(OLD, 'decline'), {}); // answered already: decides nothing
  await workAt('2026-01-05T12:00:02Z');
  await makeDigest(ctx.db, '2026-01-06', ['Delta', 'Epsilon'], ctx.now());
  await web.post(linkTo(OLD, 'preferences'), { action: 'save', ...wishes, topics: [], hour: '9' }, agent);
  // Wishes given up, yet once theirs.
  await web.post(linkTo(OLD, 'preferences'), { action: 'save', topics: [], hour: '9' });
  const paper = await ctx.db.paper.findFirstOrThrow({ where: { title: 'Alpha' } });
  await web.post(`${linkTo(OLD, 'react')}?paper=${paper.publicId}&do=more`, { act: 'more' });
  await web.post(`${linkTo(OLD, 'react')}?paper=${paper.publicId}&do=mute`, { act: 'mute', own: 'an unspoken word' });
  await web.post('/preferences', { email: OLD });
  await workAt('2026-01-06T09:00:00Z');
  await web.post(linkTo(OLD, 'unsubscribe'), { action: 'unsubscribe' });
  await web.post(linkTo(OLD, 'unsubscribe'), { action: 'reason', reason: 'other' });
  await web.post(linkTo(OLD, 'unsubscribe'), { action: 'undo' });
  await web.post(linkTo(OLD, 'preferences'), { action: 'address', newEmail: NEW });
  await workAt('2026-01-06T09:01:00Z');
  await web.post(linkTo(NEW, 'confirm'), {}, agent);
  await makeDigest(ctx.db, '2026-01-07', ['Zeta'], ctx.now());
  await workAt('2026-01-07T09:00:00Z');
  await suppress(ctx, { email: NEW, note: 'asked by telephone' }, 'admin:root@example.org');
  await liftSuppression(ctx, NEW, 'admin:root@example.org');
  await importOf(`email\n${NEW}\nQuenby.Marlowe@After.example\n${OLD} x\n`); // here already, or no address
  await beginOnReaders(ctx, { act: 'pause', filter: { address: 'quenby' }, until: '2026-01-07T09:30:00Z' }, 'cli');
  await runErrands(ctx, 'errands');
  for (const [email, act] of [
    [OLD, 'said no'],
    [NEW, 'said no again'],
  ] as const) {
    const reply = `550 5.1.1 <${email}> ${act}`;
    await ctx.db.delivery.updateMany({ where: { email }, data: { lastReply: reply } });
    await ctx.db.attempt.updateMany({ where: { delivery: { email } }, data: { reply } });
  }
  for (const domain of ['before.example', 'after.example']) await strikeDomain(ctx.db, domain);
  return linkTo(NEW, 'preferences');
}

test('when a person with a full life here is erased, then no table, file, log line or waiting job holds a trace, and no import brings them back', async () => {
  const settings = await liveAFullLife();
  const holding = await tablesHolding('quenby');
  for (const table of ['subscribers', 'deliveries', 'attempts', 'consents', 'confirmation_requests'])
    expect(holding).toContain(`public.${table}`);
  // Given up since.
  expect(await tablesHolding('a very private subject')).toEqual(['public.audit_log', 'public.confirmation_requests']);
  expect(await tablesHolding('an unspoken word')).toContain('public.interests');
  expect(await ctx.db.reaction.count()).toBe(1);
  expect(await tables()).toContain('pgboss.job');
  expect(outbox().filter((mail) => mail.includes('quenby')).length).toBeGreaterThanOrEqual(5);
  const ledger = await ctx.db.delivery.count();

  expect((await web.post(settings, { action: 'erase', sure: 'yes' })).status).toBe(200);
  await workAt('2026-01-08T09:00:00Z');

  for (const trace of TRACES) {
    expect([trace, await tablesHolding(trace)]).toEqual([trace, []]);
    expect(outbox().filter((mail) => mail.includes(trace))).toEqual([]);
  }
  expect(log.split('\n').length).toBeGreaterThan(20);
  expect(TRACES.filter((trace) => log.includes(trace))).toEqual([]);
  expect(await ctx.db.delivery.count()).toBe(ledger);
  expect((await web.get(settings)).status).toBe(404);

  const rows = [OLD, NEW, NEW.toUpperCase()].map((email) => `${email},confirmed,2025-01-01T00:00:00Z,a form`);
  for (const row of rows) {
    const { counts, rejected } = await importOf(`email,status,consent_at,consent_source\n${row}\n`);
    await importOf(`email,cadence\n${row.split(',')[0]},hourly\n${row.split(',')[0]},\n${row.split(',')[0]},\n`);
    expect(counts).toEqual({ pending: 0, confirmed: 0, unsubscribed: 0 });
    expect(rejected).toMatchObject([{ line: 2, reason: 'this address was erased; only its owner can sign up again' }]);
  }
  expect(await tablesHolding('quenby')).toEqual([]);

  await web.post('/subscribe', { email: NEW });
  await workAt('2026-01-08T10:00:00Z');
  expect(await (await web.post(linkTo(NEW, 'confirm'), {})).text()).toContain('You are in');
});
