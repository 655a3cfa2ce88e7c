import { afterAll, beforeAll, expect, test } from 'vitest';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { addConsent } from '../../src/db/subscribers/consents.ts';
import { jobs, runJob } from '../../src/jobs.ts';
import { readTopics } from '../../src/match/concepts/own-concepts.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;
let ada: { cookie: string; csrf: string };
let reader: { publicId: string };

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  ada = await admin.signIn();
  await syncTopics(ctx.db, readTopics());
  reader = await makeReader(ctx.db, ctx.now(), { wishes: ['kelp'] });
});
afterAll(() => admin.close());

const SETTINGS = {
  ...{
    cadence: 'daily',
    weekday: '1',
    hour: '8',
    timeZone: 'UTC',
    maxPapers: '10',
    selectivity: 'normal',
    language: 'en',
  },
};
const german = { 'accept-language': 'de' };
const page = async (path: string) =>
  (await fetch(`${admin.base}/admin${path}`, { headers: { cookie: ada.cookie, ...german } })).text();
const press = async (path: string, fields: Record<string, string>) =>
  (await admin.post(`/admin${path}`, { ...fields, csrf: ada.csrf }, ada.cookie, german)).text();

const TERMS = Array.from({ length: 8 }, (_, n) => `term ${n}`).join('\n');

/** Drafts a topic that can be used but for what is changed. */
function draft(change: Record<string, string>): Promise<string> {
  const usable = { name: 'Causes', description: 'What brings what about.', terms: TERMS };
  return press('/topics/causality', { action: 'draft', ...usable, ...change });
}

/** Hands a file in and tries it, with its one column as it is said. */
async function importOf(bytes: Buffer, column = 'email'): Promise<string> {
  const body = new FormData();
  body.set('csrf', ada.csrf);
  body.set('file', new Blob([Uint8Array.from(bytes)]), 'readers.csv');
  const { headers } = await fetch(`${admin.base}/admin/imports/files`, {
    ...{ method: 'POST', body, redirect: 'manual', headers: { cookie: ada.cookie } },
  });
  const draft = (headers.get('location') ?? '').replace('/admin', '');
  return press(draft, { action: 'try', column0: column });
}

test('when a run did something, then what it counted is told in the language of the page', async () => {
  for (const job of jobs) {
    const counts = Object.fromEntries(Object.keys(await runJob(ctx, job)).map((name) => [name, 2]));
    await ctx.db.run.updateMany({ where: { job: job.name }, data: { counts } });
  }
  const told = (await page('/jobs')).replaceAll(/<[^>]*>/g, '\n');
  expect(told).toContain('2 Listen');
  expect(told).toContain('vergangene Tage holen');
  expect(told.match(/^.*\b[a-z]+[A-Z]\w* 2\b.*$/gm)).toBeNull();
  expect(told).not.toMatch(/\b(?:digests|papers|newsletters|delivered|errands|returned|forgotten) 2\b/);
  await ctx.db.$executeRaw`UPDATE runs SET finished_at = started_at + interval '1.5 seconds'`;
  expect(await page('/jobs')).toContain('<td class="number">1,5</td>');
});

test('when consent was given, and where a browser names itself, then both are told in German', async () => {
  const { id } = await ctx.db.subscriber.findFirstOrThrow({ where: { publicId: reader.publicId } });
  const evidence = { wording: 'Bitte', wordingVersion: '1', ip: null, userAgent: null, at: ctx.now() };
  await addConsent(ctx.db, id, { step: 'confirm', source: 'link', ...evidence });
  expect(await page(`/subscribers/${reader.publicId}`)).toContain('bestätigt (Link)');
  const headers = { ...german, cookie: ada.cookie, 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0' };
  const mine = await (await fetch(`${admin.base}/admin/my-sign-in`, { headers })).text();
  expect(mine).toContain('value="Firefox auf Linux"');
});

test.each<[string, () => Promise<string>, string]>([
  ['an empty file', () => importOf(Buffer.from('\n\n')), 'Die Datei ist leer'],
  ['a workbook', () => importOf(Buffer.from('PK\u0003\u0004xxxx', 'latin1')), 'ein Zip-Archiv oder eine Excel-Mappe'],
  ['a file without addresses', () => importOf(Buffer.from('a\nb\n'), ''), 'Keine Spalte ist die Adresse'],
  ['a header never closed', () => importOf(Buffer.from('"a\nb\n')), 'Anführungszeichen, das nie geschlossen wird'],
  ['a token without a scope', () => press('/tokens', { name: 'crm', days: '30' }), 'Ein Token ohne Recht kann nichts'],
  ['a token with a bad name', () => press('/tokens', { name: 'CRM', scope: 'papers:read' }), 'Kleinbuchstaben'],
  ['a receiver inside', () => press('/webhooks', { url: 'http://127.0.0.1/x' }), '127.0.0.1 ist nicht öffentlich'],
  ['no edition', () => page('/why?email=ada@example.org&edition=tomorrow'), '„tomorrow“ ist keine Ausgabe'],
  ['a paper nobody knows', () => page('/why?email=ada@example.org&paper=x'), 'Als „x“ ist kein Artikel bekannt'],
  ['a cursor of nothing', () => page('/deliveries?cursor=17'), 'Diese Seite der Liste gibt es nicht mehr'],
  ['a topic of one term', () => draft({ terms: 'kelp' }), 'Die Begriffe: erwartet werden 8 bis 32'],
  [
    'a topic that says a term twice',
    () => draft({ terms: `${TERMS}\nTerm 1` }),
    'Der Begriff „Term 1“ steht zweimal da',
  ],
  ['a topic without a name', () => draft({ name: ' ', description: 'x' }), 'Die Beschreibung: erwartet werden 10 bis'],
  [
    'settings that cannot be',
    () => press(`/subscribers/${reader.publicId}/settings`, { ...SETTINGS, interests: 'kelp\n!!' }),
    '„!!“: ',
  ],
])('when it is %s, then a German page says so in German', async (_what, ask, said) => {
  const html = await ask();
  expect(html.replaceAll('&quot;', '"')).toContain(said);
  expect(html).not.toMatch(/expected |«/);
});
