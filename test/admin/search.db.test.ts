import { afterAll, beforeAll, expect, test } from 'vitest';
import { findAnything } from '../../src/admin/search/find.ts';
import { translator } from '../../src/lib/strings.ts';
import { mailKinds } from '../../src/model/mail-kind.ts';
import { suppress } from '../../src/operate/suppress.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { mailSent } from '../world/came-back.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { adminServer, type AdminServer } from './admin-server.ts';

const database = testDatabase();
let ctx: TestContext;
let admin: AdminServer;

beforeAll(async () => {
  ctx = await testContext(database);
  admin = await adminServer(ctx);
  for (const email of ['j.mcsmithson7@example.org', 'ada@harbour-lab.example', 'per_cent@example.org'])
    await makeReader(ctx.db, ctx.now(), { email });
  await makeDigest(ctx.db, '2026-01-05', ['Hyperparameters of Übertragung', 'Kelp, 100% of it'], ctx.now());
});
afterAll(() => admin.close());

const found = async (text: string) =>
  (await findAnything(ctx, text, true)).map((hit) =>
    hit.kind === 'reader' ? hit.reader.email : hit.kind === 'paper' ? hit.title : hit.kind,
  );

test.each([
  ['mcsmith', ['j.mcsmithson7@example.org']],
  ['smithson', ['j.mcsmithson7@example.org']],
  ['SMITH', ['j.mcsmithson7@example.org']],
  ['arbour-lab', ['ada@harbour-lab.example']],
  ['our-lab.exam', ['ada@harbour-lab.example']],
  ['@harbour-lab.example', ['ada@harbour-lab.example']],
  ['cent', ['per_cent@example.org']],
  ['parameters', ['Hyperparameters of Übertragung']],
  ['yperpara tragung', ['Hyperparameters of Übertragung']],
  ['kelp', ['Kelp, 100% of it']],
  ['_cent', []],
  ['%%%', []],
  ['it', []],
  ['smithy', []],
])('when «%s» is looked for, then it finds %j', async (text, hits) => {
  expect(await found(text)).toEqual(hits);
});

test('when one thing is found, then it opens; a part alone is no address, and nothing is said of others', async () => {
  const { cookie } = await admin.signIn();
  const answer = await admin.get('/admin/search?q=smithson', cookie);
  expect([answer.status, answer.headers.get('location')]).toEqual([303, expect.stringMatching('/admin/subscribers/')]);
  const page = await (await admin.get('/admin/search?q=example.org', cookie)).text();
  expect([page.includes('j.mcsmithson7'), page.includes('harbour-lab')]).toEqual([true, false]);
});

test('when an address is looked for that no reader has, then the page leads on to why no mail goes there', async () => {
  await suppress(ctx, { email: 'gone@example.org' }, 'cli');
  const { cookie } = await admin.signIn();
  const page = await (await admin.get('/admin/search?q=Gone%20%3Cgone@example.org%3E', cookie)).text();
  const [, href = ''] = /href="(\/admin\/why[^"]*)"/.exec(page) ?? [];
  const why = await (await admin.get(href.replaceAll('&#x3D;', '='), cookie)).text();
  expect(why).toContain('suppressed by hand');
  expect(await (await admin.get('/admin/search?q=nonsense', cookie)).text()).not.toContain('/admin/why');
});

test('when a paper is found, then its page among the admin’s opens, where it can be withheld', async () => {
  const { cookie } = await admin.signIn();
  const answer = await admin.get('/admin/search?q=hyperparameters', cookie);
  const page = await (await admin.get(answer.headers.get('location') ?? '', cookie)).text();
  expect(page).toContain('value="withhold"');
});

test.each(mailKinds())('when a mail of kind %s is pasted, then it is named, with whose it is', async (kind) => {
  const reader = await makeReader(ctx.db, ctx.now());
  const publicId = await mailSent(ctx, reader, ctx.now(), kind);
  const { cookie, csrf } = await admin.signIn();
  const mail = `Message-ID: <${publicId.replaceAll('-', '')}@digest.example.org>`;
  const answer = await admin.post('/admin/search', { csrf, mail }, cookie);
  expect(answer.status).toBe(200);
  const page = await answer.text();
  expect(page).toContain(`>${translator('en')(`admin.mail.kind.${kind}`)}</a>`);
  expect(page).toContain(reader.email);
});
