import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let paper: { id: number; publicId: string };
let react: string;

beforeAll(async () => {
  ctx = await testContext(database);
  await makeDigest(ctx.db, '2026-01-05', ['Quiet Experts for Robot Hands'], ctx.now());
  paper = await ctx.db.paper.findFirstOrThrow();
  ({ react } = await confirmedReader(ctx, 'rates@example.org'));
  web = await startWeb(ctx);
});
afterAll(() => web.close());

const said = async () => (await ctx.db.reaction.findFirst({ where: { paperId: paper.id } }))?.kind ?? null;
const textOf = async (path: string) => {
  const answer = await web.get(path);
  return [answer.status, await answer.text()] as const;
};

describe('the link of a reaction', () => {
  test('when it is followed, then the act of its path is asked, and one press does it', async () => {
    for (const [act, heading, kept] of [
      ['more', 'More like this?', 'more'],
      ['less', 'Less like this?', 'less'],
    ] as const) {
      const [status, page] = await textOf(`${react}/${paper.publicId}/${act}`);
      expect([status, page]).toEqual([200, expect.stringContaining(heading)]);
      expect(page).toContain('Quiet Experts for Robot Hands');
      expect((await web.post(`${react}/${paper.publicId}/${act}`, {})).status).toBe(200);
      expect(await said()).toBe(kept);
    }
    expect((await textOf(`${react}/${paper.publicId}/mute`))[1]).toContain('Mute a word');
  });

  test('when act and paper stand the other way round, in capitals, or behind a path of an older mail, then it works', async () => {
    for (const tail of [
      `/more/${paper.publicId}`,
      `/${paper.publicId}/MORE`,
      `?paper=${paper.publicId}&do=more`,
      `?paper=${paper.publicId}&amp;do=more`,
      `?paper=3D${paper.publicId}&do=3Dmore`,
      `?pap=%0D%0Aer=${paper.publicId}&do=mo=%0D%0Are`,
    ]) {
      const [status, page] = await textOf(react + tail);
      expect([tail, status, page]).toEqual([tail, 200, expect.stringContaining('More like this?')]);
    }
  });

  test('when the act was cut off, or all three are wanted, then the page offers all three', async () => {
    for (const tail of [`/${paper.publicId}`, `/${paper.publicId}/rate`, `?paper=${paper.publicId}`]) {
      const [status, page] = await textOf(react + tail);
      expect(status).toBe(200);
      for (const act of ['more', 'less', 'mute']) expect(page).toContain(`name="act" value="${act}"`);
    }
    const [, page] = await textOf(`${react}/${paper.publicId}/rate`);
    for (const act of ['more', 'less', 'mute']) expect(page).toMatch(new RegExp(`<form [^>]*id="${act}"`));
    expect(await (await web.post(`${react}/${paper.publicId}/rate`, { act: 'less' })).text()).toContain(
      'less like this',
    );
    expect(await said()).toBe('less');
    const muted = await web.post(`${react}/${paper.publicId}/rate`, { act: 'mute', word: '', own: '?!' });
    expect([muted.status, await muted.text()]).toEqual([422, expect.stringContaining('Choose a word')]);
  });

  test('when a reader asks for as much as can be kept, then muting says so, and where to take something out', async () => {
    const reader = await confirmedReader(ctx, 'full@example.org', {
      interests: Array.from({ length: 100 }, (_, n) => `kelp of sort ${n}`),
    });
    const muted = await web.post(`${reader.react}/${paper.publicId}/mute`, { act: 'mute', word: 'robot' });
    const page = await muted.text();
    expect([muted.status, page]).toEqual([409, expect.stringContaining('You have 100 interests and muted words')]);
    expect(page).toContain('href="/preferences/');
    expect(page).not.toContain('was muted before');
  });
});
