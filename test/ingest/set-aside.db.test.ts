import {
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { keepUpload, listRejectedCaptures, loadUploads } from '../../src/db/digests/captures.ts';
import { listDigests } from '../../src/db/digests/digests.ts';
import { releaseDigest } from '../../src/db/digests/arrivals.ts';
import { ingestInputs, runIngest } from '../../src/ingest/run-ingest.ts';
import { receivedOf } from '../../src/ingest/fetch.ts';
import * as threads from '../../src/lib/thread.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { sharedPath } from '../support/shared.ts';
import { runCli } from '../support/cli.ts';
import { page } from '../world/captures.ts';

const database = testDatabase();
let ctx: TestContext;
let folder: string;

beforeEach(async () => {
  await database.db.$executeRaw`CALL empty_tables('alarms, captures, digests, papers, deliveries, runs')`;
  folder = mkdtempSync(join(tmpdir(), 'offprint-odd-'));
  ctx = await testContext(database, { SOURCES: `odd=${folder}`, ADMIN_EMAIL: 'ops@digest.example.org' });
  ctx.setNow('2026-11-20T12:00:00Z');
});
afterEach(async () => {
  vi.restoreAllMocks();
  await database.db.$executeRawUnsafe('DROP TRIGGER IF EXISTS refuse ON entries');
});

function put(file: string, text: string | Buffer): string {
  const path = join(folder, file);
  writeFileSync(path, text);
  utimesSync(path, new Date('2026-11-20T11:00:00Z'), new Date('2026-11-20T11:00:00Z'));
  return path;
}

/** The next thread finds no module, as while an upgrade replaces files. */
function missOneThread() {
  const { startThread } = threads;
  const missing = new URL('./no-such-thread.ts', import.meta.url);
  vi.spyOn(threads, 'startThread').mockImplementationOnce((_, ...rest) => startThread(missing, ...rest));
}

const list = (prefix: string, count = 5) =>
  page(
    'Nov 19',
    Array.from({ length: count }, (_, nth) => ({ title: `${prefix} number ${nth + 1} of many` })),
  );
const feed = (inner: string, doctype = '') =>
  `<?xml version="1.0"?>${doctype}<rss version="2.0"><channel><title>x</title><pubDate>Thu, 19 Nov 2026 05:00:00 +0000</pubDate>${inner}</channel></rss>`;
const ITEM = '<item><title>A paper</title><description>What it says.</description></item>';
const alarms = async () =>
  (await database.db.delivery.findMany({ where: { kind: 'alarm' }, orderBy: { id: 'asc' } })).map(
    ({ payload }) => (payload as { subject: string }).subject,
  );
const daysOf = async () =>
  (await listDigests(database.db)).rows.map(({ digestOn, state, verdict }) => `${digestOn} ${state} ${verdict}`);

const ODD: [string, string][] = [
  ['external entity', feed(`${ITEM}&a;`, '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>')],
  ['parameter entity', feed(ITEM, '<!DOCTYPE rss [<!ENTITY % p "x"> %p;]>')],
  ['a tag called constructor', feed(`<constructor>x</constructor>${ITEM}`)],
  ['a tag called __proto__', feed(`<__proto__>x</__proto__>${ITEM}`)],
  ['a tag called prototype', feed(`<item><prototype><a/></prototype></item>`)],
  ['tags without end', feed(`<item>${'<a>'.repeat(20_000)}${'</a>'.repeat(20_000)}</item>`)],
];

describe('one odd file among good ones', () => {
  it.each(ODD)(
    'when it holds %s, then the good ones are read, it is kept or read, named and told once',
    async (_what, text) => {
      put('1-odd-2026-11-18.xml', text);
      put('2-good-2026-11-19.txt', list('Good'));
      const job = jobNamed('ingest')!;
      await runJob(ctx, job);
      expect(await daysOf()).toContain('2026-11-19 accepted fresh');
      const captures = await database.db.capture.findMany();
      expect(captures).toHaveLength(2);
      const { rows: rejected } = await listRejectedCaptures(database.db);
      expect(rejected).toHaveLength(1);
      expect(rejected[0]!.problem).toMatch(/^1-odd-2026-11-18\.xml: .+; expected/);
      expect(rejected[0]!.problem).not.toMatch(/\n|passwd/);
      for (let minute = 0; minute < 3; minute++)
        expect(await runJob(ctx, job)).toMatchObject({ rejected: 0, alarms: 0 });
      expect(await alarms()).toEqual(['A file from odd is no digest']);
    },
  );

  it('when alarms go to a place and not by mail, then that hears of it, once', async () => {
    const settings = { SOURCES: `odd=${folder}`, ALARM_URLS: 'ntfy://ntfy.example/papers' };
    const unmailed = await testContext(database, settings);
    unmailed.setNow('2026-11-20T12:00:00Z');
    put('1-odd-2026-11-18.xml', ODD[0]![1]);
    const job = jobNamed('ingest')!;
    expect(await runJob(unmailed, job)).toMatchObject({ rejected: 1, alarms: 1 });
    expect(await runJob(unmailed, job)).toMatchObject({ rejected: 0, alarms: 0 });
    const events = await database.db.alarm.findMany({ select: { code: true, subject: true } });
    expect(events).toEqual([{ code: 'file-rejected', subject: 'A file from odd is no digest' }]);
    expect(await alarms()).toEqual([]);
  });

  it('when the database refuses what one list holds, then the list is kept with the reason and those behind it are stored', async () => {
    await database.db.$executeRawUnsafe(`
      CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.title LIKE 'Cursed%' THEN RAISE EXCEPTION 'value out of range'; END IF; RETURN NEW; END $$`);
    await database.db.$executeRawUnsafe(
      'CREATE TRIGGER refuse BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
    put('cursed-2026-11-18.txt', list('Cursed').replaceAll('Nov 19', 'Nov 18'));
    put('good-2026-11-19.txt', list('Good'));
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, rejected: 1, failedSources: 0 });
    expect(await daysOf()).toEqual(['2026-11-19 accepted fresh']);
    expect((await listRejectedCaptures(database.db)).rows[0]!.problem).toContain('value out of range');
    expect(await runIngest(ctx)).toMatchObject({ digests: 0, rejected: 0 });
  });

  it('when there is no thread to read a file on, then nothing is said of it, the others are taken in, and it by the next run', async () => {
    put('2026-11-18.txt', list('Plain').replace('Nov 19', 'Nov 18'));
    put('2026-11-19.txt.gz', gzipSync(list('Packed')));
    missOneThread();
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, rejected: 0, failedSources: 1 });
    expect(await daysOf()).toEqual(['2026-11-18 accepted fresh']);
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, rejected: 0, failedSources: 0 });
    expect(await daysOf()).toEqual(['2026-11-19 accepted fresh', '2026-11-18 accepted fresh']);
  });

  it('when there is none to read a file on that was handed in, then it waits, and the next run takes it in', async () => {
    const packed = receivedOf('2026-11-19.txt.gz', gzipSync(list('Packed')));
    await keepUpload(database.db, { ...packed, source: 'odd', on: undefined }, ctx.now());
    missOneThread();
    await expect(runIngest(ctx)).rejects.toThrow(/^2026-11-19\.txt\.gz: the thread that reads it/);
    expect(await loadUploads(database.db)).toHaveLength(1);
    expect(await runIngest(ctx)).toMatchObject({ digests: 1, rejected: 0 });
    expect(await loadUploads(database.db)).toEqual([]);
  });

  it('when a file is too long to be read, then the operator is told once, by its name', async () => {
    const path = put('huge.txt', 'x');
    truncateSync(path, 21 * 1024 * 1024);
    utimesSync(path, new Date('2026-11-20T11:00:00Z'), new Date('2026-11-20T11:00:00Z'));
    put('good-2026-11-19.txt', list('Good'));
    for (let minute = 0; minute < 3; minute++) await runIngest(ctx);
    expect(await daysOf()).toEqual(['2026-11-19 accepted fresh']);
    expect(await alarms()).toEqual(['A file from odd cannot be read']);
  });

  it('when a file cannot be read, then that is told once, and it is read as soon as it can be, unchanged as it is', async () => {
    const aside = mkdtempSync(join(tmpdir(), 'offprint-aside-'));
    for (let n = 0; n < 100; n++) writeFileSync(join(aside, `${n}`.padStart(100, '-')), '');
    const path = join(folder, 'late.txt');
    symlinkSync(aside, path); // nobody can read a folder as a file, not even root
    utimesSync(aside, new Date('2026-11-20T11:00:00Z'), new Date('2026-11-20T11:00:00Z'));
    const { size, mtimeMs } = statSync(path);
    const warned: string[] = [];
    const log = Object.assign(Object.create(ctx.log) as typeof ctx.log, {
      warn: (_: unknown, said: string) => warned.push(said),
    });
    for (let minute = 0; minute < 3; minute++) await runIngest({ ...ctx, log });
    expect(await daysOf()).toEqual([]);
    expect(await alarms()).toEqual(['A file from odd cannot be read']);
    expect(warned).toEqual(['file waits']);
    unlinkSync(path);
    const text = list('Late');
    put('late.txt', text + '\n'.repeat(size - Buffer.byteLength(text)));
    expect(statSync(path)).toMatchObject({ size, mtimeMs });
    await runIngest(ctx);
    expect(await daysOf()).toEqual(['2026-11-19 accepted fresh']);
    expect(await alarms()).toHaveLength(1);
  });

  it('when an operator names what is no address, then it is refused by name and the rest is read', async () => {
    const good = put('good-2026-11-19.txt', list('Good'));
    const files = await ingestInputs(ctx, ['http://', join(folder, 'gone.txt'), good]);
    expect(files.map(({ outcome }) => outcome)).toEqual(['rejected', 'rejected', 'stored']);
  });

  /** Writes a folder of days, with the odd files of above and some that are nothing at all among them. */
  function oddFolder(): string {
    const odd = mkdtempSync(join(tmpdir(), 'offprint-odds-'));
    const write = (name: string, text: string) => writeFileSync(join(odd, name), text);
    for (let day = 1; day <= 16; day++) {
      const on = `2026-11-${String(day).padStart(2, '0')}`;
      write(`list-${on}.txt`, list(`Of ${on}`).replace('Nov 19', `Nov ${day}`));
    }
    for (const [nth, [, text]] of ODD.entries()) write(`odd-${nth}.xml`, text);
    write('shopping.txt', 'Eggs, flour, and a long walk to the harbour.');
    write('half.json', '[{"paper": {');
    write('nothing.xml', '');
    return odd;
  }

  it.each([
    ['of our own', oddFolder],
    ...[sharedPath('data', 'sources', 'inputs')].flatMap((path): [string, () => string][] =>
      path ? [['of others', () => path]] : [],
    ),
  ])('when a whole folder %s is read, then the good ones are stored and each bad one is named', async (_, folderOf) => {
    const inputs = folderOf();
    const dry = await runCli(['ingest', inputs, '--dry-run', '--json'], { url: database.url });
    expect(dry.code).toBe(2);
    expect(dry.stderr).not.toMatch(/\n\s+at /);
    const reports = dry.json() as { file: string; health: { verdict: string; reasons: string[] } }[];
    expect(reports).toHaveLength(readdirSync(inputs).length);
    for (const { health } of reports) if (health.verdict === 'broken') expect(health.reasons[0]).toMatch(/\w/);
    expect(reports.filter(({ health }) => health.verdict === 'fresh').length).toBeGreaterThan(15);
    const stored = await ingestInputs(ctx, [inputs]);
    for (const { outcome, problem } of stored) expect(outcome === 'rejected').toBe(problem !== null);
    expect(stored.filter(({ outcome }) => outcome !== 'rejected').length).toBeGreaterThan(15);
  });
});

describe('a list of a day that has not come', () => {
  const day = (on: string, prefix = on) => put(`list-${on}.txt`, list(prefix, 4).replace('Nov 19', monthDay(on)));
  const monthDay = (on: string) =>
    new Date(`${on}T00:00:00Z`).toLocaleDateString('en-US', { month: 'short', day: 'numeric', timeZone: 'UTC' });

  it('when it is released too, then it is held with the reason first, and the real days after it are fresh and news', async () => {
    for (let nth = 1; nth <= 12; nth++) day(`2026-11-${String(nth).padStart(2, '0')}`);
    day('2027-01-15');
    await runIngest(ctx);
    const [future] = (await listDigests(database.db)).rows;
    expect(future).toMatchObject({ digestOn: '2027-01-15', state: 'held', verdict: 'broken' });
    expect(future!.reasons[0]).toContain('2027-01-15, has not come');
    day('2026-11-19', 'First real');
    await runIngest(ctx);
    await releaseDigest(database.db, future!.id, ctx.now());
    day('2026-11-20', 'Second real');
    await runIngest(ctx);
    expect((await daysOf()).slice(1, 3)).toEqual(['2026-11-20 accepted fresh', '2026-11-19 accepted fresh']);
    const news = await database.db.paper.findMany({ where: { title: { startsWith: 'Second real' } } });
    expect(news.map(({ arrivedAt }) => arrivedAt)).toEqual(Array<Date>(4).fill(ctx.now()));
  });

  it('when it is tomorrow somewhere, then its list is used; a day later none is', async () => {
    day('2026-11-21');
    day('2026-11-22');
    await runIngest(ctx);
    expect(await daysOf()).toEqual(['2026-11-22 held broken', '2026-11-21 accepted fresh']);
  });
});
