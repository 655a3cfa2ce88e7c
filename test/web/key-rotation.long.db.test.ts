import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import PostalMime from 'postal-mime';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { jobNamed, runJob } from '../../src/jobs.ts';
import { signToken, verifyToken } from '../../src/links/tokens.ts';
import { makeDigest } from '../world/digests.ts';
import { makeReader } from '../world/readers.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { adminServer } from '../admin/admin-server.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';

const database = testDatabase();
const DUE = '2026-01-05T09:00:00Z';
/** Two processes, both started before any rotation: one serves pages, one plans and sends. */
let pages: TestContext;
let worker: TestContext;
let web: TestWeb;

beforeAll(async () => {
  pages = await testContext(database);
  web = await startWeb(pages);
});
afterAll(() => web.close());
beforeEach(async () => {
  const { db } = database;
  await db.$executeRaw`CALL empty_tables('captures, digests, entries, papers, subscribers, editions, newsletters, deliveries, audit_log, admins')`;
  worker = await testContext(database); // an outbox of its own
  pages.setNow(DUE);
  worker.setNow(DUE);
});

const rotate = async (...args: string[]) => {
  const { code, stderr, json } = await runCli(['keys', 'rotate', '--json', ...args], { url: database.url });
  expect(code, stderr).toBe(0);
  return json()[0] as { key: number; retired: number[] };
};
const run = (job: 'plan' | 'deliver') => runJob(worker, jobNamed(job)!);
const reader = async () => {
  await makeDigest(worker.db, '2026-01-05', ['A paper'], new Date('2026-01-05T02:00:00Z'));
  return makeReader(worker.db, new Date('2026-01-04T12:00:00Z'));
};

/** Reads the one mail that the worker has sent. */
async function mail() {
  const folder = join(worker.config.DATA_DIR, 'outbox');
  const files = readdirSync(folder).filter((name) => name.endsWith('.eml'));
  expect(files).toHaveLength(1);
  const { text = '', headers } = await PostalMime.parse(readFileSync(join(folder, files[0] ?? '')));
  const path = (name: string) => new URL(new RegExp(`http://\\S+/${name}/[\\w.-]+`).exec(text)?.[0] ?? '').pathname;
  const oneClick = /<(http[^>]+)>/.exec(headers.find(({ key }) => key === 'list-unsubscribe')?.value ?? '')?.[1] ?? '';
  return { preferences: path('preferences'), newsletter: path('newsletters'), oneClick: new URL(oneClick).pathname };
}

describe('keys rotate', () => {
  it('when a key is made, then running processes sign with it and know it without a restart, and old links work on', async () => {
    const { publicId, generation } = await reader();
    const [old] = pages.keys.link;
    const { key, retired } = await rotate();
    expect([key > old!.id, retired]).toEqual([true, []]);
    await run('plan');
    await run('deliver');
    const { preferences, newsletter, oneClick } = await mail();
    const token = oneClick.split('/').at(-1) ?? '';
    expect(verifyToken([old!], 'unsubscribe', token)).toBeNull();
    expect(verifyToken(worker.keys.link, 'unsubscribe', token)).not.toBeNull();
    expect(worker.keys.link[0]?.id).toBe(key);

    for (const path of [preferences, newsletter]) expect((await web.get(path)).status).toBe(200);
    const before = `/preferences/${signToken(old!, 'preferences', publicId, generation)}`;
    expect((await web.get(before)).status).toBe(200);
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await web.post(oneClick, 'List-Unsubscribe=One-Click', form)).status).toBe(200);
    expect((await pages.db.subscriber.findFirstOrThrow()).status).toBe('unsubscribed');
    expect(await pages.db.auditEntry.findFirst({ where: { action: 'keys.rotate' } })).toMatchObject({
      actor: 'cli',
      detail: { key, retired: [] },
    });
  }, 180_000);

  it('when a key is retired, then its links are dead at once, and mails planned with it leave with links that live', async () => {
    const { publicId, generation } = await reader();
    await run('plan');
    const [old] = worker.keys.link;
    const before = `/preferences/${signToken(old!, 'preferences', publicId, generation)}`;
    expect((await web.get(before)).status).toBe(200);
    const { retired } = await rotate('--retire', String(old!.id), '--yes');
    expect(retired).toEqual([old!.id]);
    expect((await web.get(before)).status).toBe(404);
    expect((await web.post(before.replace('preferences', 'unsubscribe'), { action: 'unsubscribe' })).status).toBe(404);
    await runDeliver(worker); // a run that began before, as it were: each batch asks again
    const { preferences, newsletter } = await mail();
    for (const path of [preferences, newsletter]) expect((await web.get(path)).status).toBe(200);
  }, 180_000);

  it("when the key of an old newsletter is retired, then its reader still sees it from the pages' own links", async () => {
    await reader();
    await run('plan');
    await run('deliver');
    const { preferences } = await mail();
    await rotate();
    const settings = await (await web.get(preferences)).text();
    await rotate('--retire-before', '2999-01-01', '--yes');
    expect((await web.get(preferences)).status).toBe(404);
    const seen = /\/newsletters\/[\w.-]+/.exec(settings)?.[0] ?? '';
    expect((await web.get(seen)).status).toBe(404); // signed with what was just retired
    const admin = await adminServer(pages);
    const { cookie } = await admin.signIn();
    const list = await (await admin.get('/admin/subscribers', cookie)).text();
    const fresh = /\/preferences\/[\w.-]+/.exec(list)?.[0] ?? '';
    const again = /\/newsletters\/[\w.-]+/.exec(await (await web.get(fresh)).text())?.[0] ?? '';
    expect((await web.get(again)).status).toBe(200);
    await admin.close();
  }, 180_000);
});
