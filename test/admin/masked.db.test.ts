import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noteNothing } from '../../src/db/newsletters/nothing.ts';
import { recordAct } from '../../src/db/operator/audit.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { planMail } from '../world/mails.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
const EDITION = 'daily:2026-01-05';
/** Each ends a masked address early in some spelling: of a link (%2B), of HTML (&#x27;), of an act that is cut. */
const ADDRESSES = ['ada.lovelace@example.org', 'ada.lovelace+papers@example.org', "ada.lovelace'n@example.org"];
const PLAIN = /lovelace/;
let ctx: TestContext;
let admin: AdminServer;
let viewer: string;
let csrf: string;
let editor: string;
/** Of the first reader, their newsletter and its mail, what links and pages call them by. */
const ids = { reader: '', newsletter: '', mail: '', notice: '' };

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  ctx.setNow('2026-01-05T12:00:00Z');
  const readers = [];
  for (const email of ADDRESSES) readers.push(await makeReader(ctx.db, ctx.now(), { email }));
  const [first] = readers;
  for (const { id: subscriberId, email } of readers)
    await planMail(ctx.db, { subscriberId, email, kind: 'newsletter', edition: EDITION });
  const without = readers.map(({ id }) => ({ subscriberId: id, editionKey: EDITION, reason: 'none-fits' as const }));
  await noteNothing(ctx.db, without, ctx.now());
  const sent = await ctx.db.delivery.findFirstOrThrow({
    where: { email: first!.email },
    select: { publicId: true, newsletter: { select: { publicId: true } } },
  });
  Object.assign(ids, { reader: first!.publicId, newsletter: sent.newsletter!.publicId, mail: sent.publicId });
  const notice = await planMail(ctx.db, { subscriberId: first!.id, email: first!.email });
  ids.notice = (await ctx.db.delivery.findUniqueOrThrow({ where: { id: notice } })).publicId;
  await suppress(ctx, { email: 'grace.lovelace@example.org', note: 'Ada.Lovelace@example.org asked' }, 'cli');
  const detail = { problem: `${'a word '.repeat(9)}${ADDRESSES[0]!}` };
  await recordAct(ctx.db, { at: ctx.now(), actor: 'cli', action: 'suppress', subject: null, detail });
  ({ cookie: viewer, csrf } = await admin.signIn('viewer@example.com', {}, 'viewer'));
  editor = (await admin.signIn('editor@example.com', {}, 'editor')).cookie;
});
afterAll(() => admin.close());

/** All that an answer tells, but for what was asked. */
async function told(path: string, cookie: string, asked = ''): Promise<string> {
  const answer = await admin.get(path, cookie);
  const all = `${answer.status} ${answer.headers.get('location') ?? ''} ${await answer.text()}`;
  return asked === '' ? all : all.replaceAll(asked, '').replace(/id="[^"]*"|value="[^"]*"/g, '');
}

describe('the one search box', () => {
  it.each(['newsletter', 'mail', 'notice'] as const)(
    'when who may see no address looks for a %s, then no answer holds one',
    async (name) => {
      const leads = await admin.get(`/admin/search?q=${ids[name]}`, viewer);
      const to = leads.headers.get('location') ?? '';
      expect([leads.status, to]).toEqual([303, expect.stringContaining(ids.reader)]);
      expect(to).not.toMatch(PLAIN);
      const page = await told(to, viewer);
      expect(page).toMatch(/^200 /);
      expect(page).not.toMatch(PLAIN);
    },
  );

  it.each(['ada', 'ada.l', 'lovelace', 'ovelac', 'ada.lovelace@', 'ada.lovelace@example.org', '@example.org'])(
    'when who may see no address looks for «%s», then it is as if nobody had it',
    async (part) => {
      const [near, far] = [part, part.replaceAll('l', 'q').replace('example', 'exampel')];
      const [had, none] = await Promise.all(
        [near, far].map((q) => told(`/admin/search?q=${encodeURIComponent(q)}`, viewer)),
      );
      expect(had).toContain('Nothing is known');
      expect(had).not.toContain(ids.reader);
      expect(had).not.toContain('/admin/why');
      expect(none).toContain('Nothing is known');
      expect(await told(`/admin/search?q=${encodeURIComponent(near)}`, editor)).not.toContain('Nothing is known');
    },
  );

  it('when a mail is pasted, then it names its reader masked, and leads to them by no address', async () => {
    const mail = `Message-ID: <${ids.mail.replaceAll('-', '')}@example.org>\r\n\r\nHello`;
    const page = await (await admin.post('/admin/search', { mail, csrf }, viewer)).text();
    expect(page).toContain('a…@example.org');
    expect(page).toContain(ids.reader);
    expect(page).not.toMatch(PLAIN);
  });
});

describe('why somebody got a mail', () => {
  it('when who may see no address asks by one, then nothing is told of it', async () => {
    for (const email of [ADDRESSES[0]!, 'nobody@example.org', 'grace.lovelace@example.org']) {
      const page = await told(`/admin/why?email=${encodeURIComponent(email)}`, viewer);
      expect([email, page.includes('id="gates"'), page.includes(ids.reader)]).toEqual([email, false, false]);
    }
    expect(await told(`/admin/why?email=${ADDRESSES[0]!}`, editor)).toContain('id="gates"');
  });

  it('when they ask by a reader, then they are told, with the address masked; of nobody there is no such page', async () => {
    const page = await told(`/admin/why?reader=${ids.reader}&edition=${EDITION}`, viewer);
    expect(page).toMatch(/^200 .*id="gates"/s);
    expect(page).not.toMatch(PLAIN);
    expect(page).toContain(`name="reader" value="${ids.reader}"`);
    expect((await admin.get('/admin/why?reader=nobody', viewer)).status).toBe(404);
  });
});

it.each([
  ...['/subscribers', '/deliveries', '/without', '/suppressions', '/audit', '/replies', '/feedback', '/jobs', ''],
  ...[`/editions/${EDITION}`, `/editions/${EDITION}/dry-run`, '/search?q=lovelace', '/subscribers?q=ada&domain=x'],
  ...['/subscribers/READER', '/subscribers/READER/preview', '/deliveries?email=ada.lovelace%40example.org'],
])('when who may see no address opens %s, then nothing of one is in it but its first letter', async (path) => {
  const page = await told(`/admin${path.replace('READER', ids.reader)}`, viewer, 'q=lovelace');
  expect(page).toMatch(/^200 /);
  expect(page.replace(/“lovelace”/g, '')).not.toMatch(PLAIN);
  for (const [, href = ''] of page.matchAll(/href="([^"]*)"/g)) expect(href).not.toMatch(/lovelace|…/);
});
