import { existsSync } from 'node:fs';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findErrand } from '../../src/db/operator/errands.ts';
import { importedFile, stepImport } from '../../src/operate/errands/import-file.ts';
import { importAtOnce } from '../../src/operate/errands/import-at-once.ts';
import { runErrands } from '../../src/operate/errands/run-errands.ts';
import { takeBack } from '../../src/operate/take-back.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { confirm } from '../../src/subscribers/confirm.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { until } from '../support/until.ts';
import { asFixture } from '../support/wall.ts';
import { makeReader } from '../world/readers.ts';
import { confirmToken, VISITOR } from '../world/sign-ups.ts';
import { apiServer, tokenWith } from '../api/api-server.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let ada: { cookie: string; csrf: string };

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  ada = await admin.signIn();
});
afterAll(() => admin.close());
beforeEach(() => ctx.db.$executeRaw`CALL empty_tables('subscribers, errands, suppressions, interests')`);

/** Hands a file in, as the form of the page does; returns the address of its draft. */
async function handIn(bytes: Buffer, name = 'readers.csv'): Promise<string> {
  const body = new FormData();
  body.set('csrf', ada.csrf);
  body.set('file', new Blob([Uint8Array.from(bytes)]), name);
  const { headers } = await fetch(`${admin.base}/admin/imports/files`, {
    ...{ method: 'POST', body, redirect: 'manual' },
    headers: { cookie: ada.cookie },
  });
  return headers.get('location') ?? '';
}

const page = async (path: string) => (await admin.get(path, ada.cookie)).text();
const decide = (path: string, fields: Record<string, string>) =>
  admin.post(path, { ...fields, csrf: ada.csrf }, ada.cookie);
/** What is chosen for each column. */
const chosenIn = (html: string) =>
  [...html.matchAll(/<select id="column\d+"[^>]*>([\s\S]*?)<\/select>/g)].map(
    ([, options = '']) => /value="(\w+)" selected/.exec(options)?.[1] ?? '',
  );
const readers = async () => {
  const found = await ctx.db.subscriber.findMany({
    orderBy: { email: 'asc' },
    include: { interests: { include: { interest: true } } },
  });
  return found.map(({ email, status, interests }) => [
    email,
    status,
    ...interests.map(({ interest, muted }) => `${muted ? '-' : ''}${interest.key}`).sort(),
  ]);
};

/** A list as spreadsheets of Windows save it: semicolons, and letters with a byte each. */
const WINDOWS_1252 = Buffer.from(
  'E-Mail;Interests;Bemerkung;status;consent_at;consent_source\r\nivy@example.org;Gr\xfcner Strom;L\xe4rm;confirmed;2025-01-01;fair\r\nnot an address;x;y;;;\r\n',
  'latin1',
);
const EVIDENCE = ['status', 'consent_at', 'consent_source'];
const COLUMNS = Object.fromEntries(EVIDENCE.map((name, at) => [`column${at + 3}`, name]));
const UTF_16 = Buffer.concat([
  Buffer.from([0xff, 0xfe]),
  Buffer.from('email\tinterests\r\nzoe@example.org\tGrüner Strom\r\njon@example.org\tkelp\r\n', 'utf16le'),
]);

describe('an import', () => {
  it('when a spreadsheet of Windows is handed in, then its columns are guessed, and can be settled otherwise', async () => {
    const draft = await handIn(WINDOWS_1252, 'liste.csv');
    const shown = await page(draft);
    expect(shown).toContain('Grüner Strom');
    expect(chosenIn(shown)).toEqual(['email', 'interests', '', ...EVIDENCE]);
    const columns = { ...COLUMNS, column0: 'email', column1: 'interests', column2: 'muted' };
    const tried = await (await decide(draft, { action: 'try', ...columns })).text();
    expect(chosenIn(tried)).toEqual(['email', 'interests', 'muted', ...EVIDENCE]);
    expect(tried).toContain('1 confirmed, by the evidence in the file');
    expect(tried).toContain('1 not taken in');
    expect(tried).toContain('3: not an address');
    expect(tried).toContain('Windows-1252');
    await decide(draft, { action: 'begin', ...columns });
    await runErrands(ctx, 'errands');
    expect(await readers()).toEqual([['ivy@example.org', 'confirmed', '-lärm', 'grüner strom']]);
    expect(await page(draft.replace('imports', 'errands'))).toContain('Done');
  });

  it('when a file is UTF-16, then it is read; a trial changes nothing, and the import passes over who is known or suppressed', async () => {
    await makeReader(ctx.db, ctx.now(), { email: 'jon@example.org' });
    await suppress(ctx, { email: 'kim@example.org' }, 'cli');
    const before = await readers();
    const draft = await handIn(Buffer.concat([UTF_16, Buffer.from('kim@example.org\tkelp\r\n', 'utf16le')]));
    expect(chosenIn(await page(draft))).toEqual(['email', 'interests']);
    const tried = await (await decide(draft, { action: 'try', column0: 'email', column1: 'interests' })).text();
    expect(tried).toContain('1 asked by mail');
    expect(tried).toContain('1 here already, left as they are');
    expect(tried).toContain('1 suppressed or erased, left alone');
    expect(tried).not.toContain('not taken in');
    expect(tried).toContain('Who is here already or suppressed is left as is');
    expect(await readers()).toEqual(before);
    expect(await ctx.db.delivery.count()).toBe(0);
    await decide(draft, { action: 'begin', column0: 'email', column1: 'interests' });
    await runErrands(ctx, 'errands');
    expect((await readers()).map(([email]) => email)).toEqual(['jon@example.org', 'zoe@example.org']);
    const report = await page(`${draft.replace('imports', 'errands')}/report.csv`);
    for (const known of ['jon@example.org', 'kim@example.org']) expect(report).toContain(known);
  });

  it('when rows cannot be taken in, then the trial and the report say why in the language of the admin', async () => {
    await makeReader(ctx.db, ctx.now(), { email: 'jon@example.org' });
    await suppress(ctx, { email: 'kim@example.org' }, 'cli');
    const lines = [
      'email,interests,cadence,status',
      ...['no address,kelp,,', 'amy@example.org,kelp,hourly,', 'bo@example.org,kelp,,perhaps'],
      ...['jon@example.org,kelp,,', 'kim@example.org,kelp,,', 'zoe@example.org,kelp,,', 'zoe@example.org,kelp,,'],
      'ada@example.org,kelp,,,more',
      'eve@example.org,"kelp,,',
    ];
    const draft = await handIn(Buffer.from(lines.join('\n')));
    const columns = { column0: 'email', column1: 'interests', column2: 'cadence', column3: 'status' };
    const tried = await (await decide(`${draft}?lang=de`, { action: 'try', ...columns })).text();
    expect(tried).toContain('2: no address email: „no address“: erwartet wird eine Adresse wie name@example.org');
    await decide(draft, { action: 'begin', ...columns });
    await runErrands(ctx, 'errands');
    const reasons = async (language: string) => {
      const headers = { cookie: ada.cookie, 'accept-language': language };
      const report = await fetch(`${admin.base}${draft.replace('imports', 'errands')}/report.csv`, { headers });
      return (await report.text()).trim().split(/\r?\n/).slice(1);
    };
    const german = await reasons('de');
    expect(german).toEqual([
      expect.stringMatching(/^2,no address,.*erwartet wird eine Adresse/),
      expect.stringMatching(/^3,amy@example.org,"cadence: „hourly“: erwartet wird daily/),
      expect.stringMatching(/^4,bo@example.org,.*status: „perhaps“: erwartet wird pending/),
      expect.stringMatching(/^5,jon@example.org,schon hier \(bestätigt\)/),
      expect.stringMatching(/^6,kim@example.org,"?von Hand gesperrt/),
      '8,zoe@example.org,dieselbe Adresse wie in Zeile 7',
      '9,,"5 Zellen, während der Kopf 4 hat"',
      expect.stringMatching(/^10,,"die Zeile beginnt eine Zelle mit einem Anführungszeichen/),
    ]);
    expect(german.join(' ')).not.toMatch(/expected|already here/);
    expect((await reasons('en')).join(' ')).toContain('the same address as in line 7');
  });

  it('when a file is no Unicode, then the trial says so in the language of the admin', async () => {
    const draft = await handIn(WINDOWS_1252);
    const columns = Object.fromEntries(chosenIn(await page(draft)).map((name, at) => [`column${at}`, name]));
    const german = await (await decide(`${draft}?lang=de`, { action: 'try', ...columns })).text();
    expect(german).toContain('Als Windows-1252 gelesen, da es kein UTF-8 ist.');
    expect(german).not.toContain('read as');
  });

  it('when no column is the address, then the trial says so and nothing begins', async () => {
    const draft = await handIn(WINDOWS_1252);
    const answer = await decide(draft, { action: 'begin', column1: 'interests' });
    expect(answer.status).toBe(422);
    expect(await answer.text()).toContain('role="alert"');
    await runErrands(ctx, 'errands');
    expect(await readers()).toEqual([]);
  });

  it('when a command imported a file, then it is one act, told on the pages, and taken back like any other', async () => {
    await makeReader(ctx.db, ctx.now(), { email: 'jon@example.org' });
    const rows = Array.from({ length: 600 }, (_, n) => `c${n}@example.org\n`).join('');
    const file = Readable.from([`email\njon@example.org\nno address\n${rows}`]);
    const done = await importAtOnce(ctx, file, { name: 'list.csv', map: new Map(), actor: 'cli' });
    expect([done.counts.pending, done.rejected.length, await ctx.db.subscriber.count()]).toEqual([600, 2, 601]);
    expect(
      await ctx.db.auditEntry.count({ where: { action: { in: ['import', 'readers.import'] }, id: done.act ?? 0n } }),
    ).toBe(1);
    const [, errand = ''] = /href="(\/admin\/errands\/\d+)">list\.csv/.exec(await page('/admin/imports')) ?? [];
    expect(await page(errand)).toMatch(/Done: 602[\s\S]*list\.csv[\s\S]*600 asked to confirm[\s\S]*2 rejected/);
    expect(await page(`${errand}/report.csv`)).toContain('already here');
    expect((await takeBack(ctx, done.act ?? 0n, 'cli')).outcome).toBe('job');
    await runErrands(ctx, 'errands');
    expect((await readers()).map(([email]) => email)).toEqual(['jon@example.org']);
    const refused = importAtOnce(ctx, Readable.from(['name\nAda\n']), { name: 'x', map: new Map(), actor: 'cli' });
    await expect(refused).rejects.toThrow('no column email');
    expect(await ctx.db.errand.count({ where: { kind: 'readers.import' } })).toBe(1);
  });

  it('when it is taken back, then those to whom nothing went are gone, and the others stay', async () => {
    const draft = await handIn(Buffer.from('email\nivy@example.org\njon@example.org\n'));
    await decide(draft, { action: 'begin', column0: 'email' });
    await runErrands(ctx, 'errands');
    await asFixture(
      ctx.db,
      "UPDATE deliveries SET state = 'sent', sent_at = $1, finished_at = $1 WHERE email = 'jon@example.org'",
      [ctx.now()],
    );
    const done = draft.replace('imports', 'errands');
    const form = '<form method="post" action="/admin/errands';
    expect(await page(done)).toContain(form);
    const asked = await (await decide(done, {})).text();
    expect(asked).toContain('This cannot be taken back');
    await runErrands(ctx, 'errands');
    expect(await ctx.db.subscriber.count()).toBe(2);
    const answer = await decide(done, { sure: 'yes' });
    const { headers } = await admin.get(answer.headers.get('location') ?? '', ada.cookie);
    expect(headers.get('refresh')).not.toContain('message');
    await runErrands(ctx, 'errands');
    expect((await readers()).map(([email]) => email)).toEqual(['jon@example.org']);
    const undone = await page(answer.headers.get('location') ?? '');
    for (const said of ['1 removed', '1 kept']) expect(undone).toContain(said);
    expect(await page(done)).not.toContain(form);
    expect(await page(done)).toMatch(/Since then taken back on [^<]*2026[^<]* by ada@example\.org\./);
  });

  it('when somebody confirms who is just about to go with it, then they stay, and are counted among those kept', async () => {
    const file = Readable.from(['email\nivy@example.org\njon@example.org\n']);
    const { act } = await importAtOnce(ctx, file, { name: 'list.csv', map: new Map(), actor: 'cli' });
    const token = await confirmToken(ctx, 'ivy@example.org');
    expect((await takeBack(ctx, act ?? 0n, 'cli')).outcome).toBe('job');
    const waiting = (count: number) =>
      until(`${count} wait for the reader`, async () => {
        const { rowCount } = await database.pool.query(
          "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
        );
        return rowCount === count;
      });
    const holder = await database.pool.connect();
    await holder.query("BEGIN; SELECT FROM subscribers WHERE email = 'ivy@example.org' FOR UPDATE");
    const confirmed = confirm(ctx, token, VISITOR);
    await waiting(1);
    const undone = runErrands(ctx, 'errands'); // has read by now whom to remove
    await waiting(2);
    await holder.query('COMMIT');
    holder.release();
    expect((await confirmed).outcome).toBe('confirmed');
    await undone;
    expect(await readers()).toEqual([['ivy@example.org', 'confirmed']]);
    const { counts } = await ctx.db.errand.findFirstOrThrow({ orderBy: { id: 'desc' } });
    expect(counts).toMatchObject({ removed: 1, kept: 1 });
  });

  it('when one is taken back while a command is at work on it, then it goes no further, and nobody of it stays', async () => {
    const act = async () =>
      (await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'readers.import' }, orderBy: { id: 'desc' } })).id;
    const rows = (from: number) => Array.from({ length: 250 }, (_, n) => `d${from + n}@example.org\n`).join('');
    async function* file() {
      yield `email\n${rows(0)}`;
      yield rows(250);
      await until('the first rows are in', async () => (await ctx.db.subscriber.count()) >= 250);
      expect((await takeBack(ctx, await act(), 'cli')).outcome).toBe('job');
      await runErrands(ctx, 'errands');
      for (let from = 500; from < 2_000; from += 250) yield rows(from);
    }
    const wish = { name: 'list.csv', map: new Map<string, null>(), actor: 'cli' as const };
    const { ended } = await importAtOnce(ctx, Readable.from(file(), { highWaterMark: 1 }), wish);
    expect(String(ended?.error)).toContain('this import was taken back');
    await runErrands(ctx, 'errands');
    expect(await ctx.db.subscriber.count()).toBe(0);
    expect(await ctx.db.delivery.count({ where: { state: { in: ['planned', 'retrying'] } } })).toBe(0);
    expect(await page('/admin/imports')).toMatch(/list\.csv[\s\S]*taken back/);
  });

  it('when one is taken back while the job is at work on it, then it stays stopped, brings nobody, and its file goes', async () => {
    const draft = await handIn(Buffer.from('email\nivy@example.org\njon@example.org\n'));
    await decide(draft, { action: 'begin', column0: 'email' });
    const { id, actId } = await ctx.db.errand.findFirstOrThrow({ where: { kind: 'readers.import' } });
    const underWay = (await findErrand(ctx.db, id))!;
    await takeBack(ctx, actId ?? 0n, 'cli');
    await stepImport(ctx, underWay, undefined);
    await runErrands(ctx, 'errands');
    expect(await readers()).toEqual([]);
    expect((await findErrand(ctx.db, id))?.state).toBe('stopped');
    expect(existsSync(await importedFile(ctx, underWay))).toBe(false);
  });

  it('when one was taken back, then the list and programs say when and by whom, and no longer that it is done', async () => {
    const draft = await handIn(Buffer.from('email\nivy@example.org\n'), 'back.csv');
    const other = await handIn(Buffer.from('email\nx@example.org\n'), 'kept.csv');
    for (const path of [draft, other]) await decide(path, { action: 'begin', column0: 'email' });
    await runErrands(ctx, 'errands');
    await decide(draft.replace('imports', 'errands'), { sure: 'yes' });
    const rowOf = (html: string, file: string) =>
      html
        .split('<tr')
        .find((row) => row.includes(file))
        ?.replace(/<[^>]*>/g, ' ');
    const list = await page('/admin/imports');
    expect(rowOf(list, 'back.csv')).toMatch(/taken back on .*2026.* by ada@example\.org/s);
    expect(rowOf(list, 'back.csv')).not.toContain('done');
    expect(rowOf(list, 'kept.csv')).toContain('done');
    const api = await apiServer(ctx);
    const token = await tokenWith(ctx, '*:read', 'addresses:read');
    const { body } = await api.ask('GET', '/errands?limit=10', { token });
    const items = body['items'] as { takenBack: Record<string, string> | null }[];
    expect(items.map(({ takenBack }) => takenBack && [takenBack['at'], takenBack['actor']])).toEqual([
      ...[null, null],
      [ctx.now().toISOString(), 'admin:ada@example.org'],
    ]);
    await api.close();
  });
});
