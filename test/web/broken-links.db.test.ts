import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { links } from '../../src/links/links.ts';
import { runPlan } from '../../src/plan/run-plan.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { confirmedReader, confirmToken, signUp, statusOf, type TestReader } from '../world/sign-ups.ts';

const database = testDatabase();
let ctx: TestContext;
let web: TestWeb;
let reader: TestReader;
let paths: Record<string, string>;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow('2026-01-05T06:00:00Z');
  await makeDigest(ctx.db, '2026-01-05', ['Quiet Experts for Robot Hands'], ctx.now());
  reader = await confirmedReader(ctx, 'broken@example.org');
  await runPlan(ctx);
  const confirm = await signUp(ctx, 'waits@example.org');
  const newsletter = await ctx.db.newsletter.findFirstOrThrow();
  const paper = await ctx.db.paper.findFirstOrThrow();
  paths = {
    confirm,
    decline: `/decline/${await confirmToken(ctx, 'waits@example.org', 'decline')}`,
    preferences: reader.preferences,
    unsubscribe: reader.unsubscribe,
    react: `${reader.react}/${paper.publicId}/more`,
    feed: reader.feed,
    newsletters: links.newsletter('', ctx.keys.link[0]!, newsletter.publicId, reader.generation),
    paper: links.paper('', paper.publicId),
    digest: '/digests/2026-01-05',
  };
  web = await startWeb(ctx);
});
afterAll(() => web.close());

/** Whoever follows a link of the archive in another spelling is led to the page's own address. */
const statusAt = async (path: string) => {
  const answer = await web.get(path);
  const moved = answer.headers.get('location');
  return moved === null ? answer.status : (await web.get(moved)).status;
};

describe('links that a program damaged', () => {
  test('when something is glued to them, a line was broken or a query put on, then each still opens its page', async () => {
    for (const [name, path] of Object.entries(paths)) {
      const half = Math.floor(path.length / 2);
      for (const damaged of [
        path,
        ...['.', ')', '%3E', '%22.', '&gt;', '%E2%80%9D', '=20', '=', '-', '_', '%0D%0A', '/'].map(
          (glued) => path + glued,
        ),
        ...['=%0D%0A', '=%0A'].map((broken) => path.slice(0, half) + broken + path.slice(half)),
        `${path}?utm_source=mail&amp;x=1`,
        `/${path.split('/')[1]!.toUpperCase()}/${path.split('/').slice(2).join('/')}`,
      ]) {
        expect([name, damaged, await statusAt(damaged)]).toEqual([name, damaged, 200]);
      }
    }
  });

  test('when one of today comes all in capitals, then it opens its page; one of an older mail is refused', async () => {
    for (const name of ['confirm', 'preferences', 'unsubscribe', 'newsletters']) {
      expect([name, await statusAt(paths[name]!.toUpperCase())]).toEqual([name, 200]);
    }
  });

  test('when a form behind a damaged link is sent, then it works', async () => {
    const damaged = `${reader.unsubscribe}%3E.`;
    const page = await (await web.get(damaged)).text();
    const action = /<form method="post" action="([^"]+)"/.exec(page)?.[1] ?? '';
    expect(action).toBe(reader.unsubscribe);
    expect((await web.post(damaged, { action: 'unsubscribe' })).status).toBe(200);
    expect(await statusOf(ctx, 'broken@example.org')).toBe('unsubscribed');
    await web.post(reader.unsubscribe, { action: 'undo' });
  });
});

describe('links that open nothing', () => {
  const PLACES = ['confirm', 'decline', 'undo', 'preferences', 'unsubscribe', 'react', 'newsletters', 'feed'];
  const forgedOf = (place: string) =>
    `/${place}/${place.replace('newsletters', 'newsletter')}.k3v9q2w8x7c6b5n4m2tz.1.${'0'.repeat(32)}`;

  test.each(PLACES)(
    'when a link to /%s is forged or lost its token, then the page offers one’s own link and signing up',
    async (place) => {
      for (const path of [
        forgedOf(place),
        `/${place}/x`,
        `${forgedOf(place)}/more/of/it`,
        ...(place === 'preferences' ? [] : [`/${place}`]),
      ]) {
        const answer = await web.get(path, { accept: 'text/html' });
        const page = await answer.text();
        expect([path, answer.status]).toEqual([path, 404]);
        expect(page).toMatch(/<form method="post" action="\/preferences"[^]*name="email"[^]*Send me my link/);
        expect(page).toMatch(/<a class="button quiet" href="\/">Sign up<\/a>/);
        expect(answer.headers.get('cache-control')).toBe('no-store');
      }
    },
  );

  test.each(PLACES)('when a program follows it to /%s, then the problem says where to go', async (place) => {
    const answer = await web.get(forgedOf(place), { accept: 'application/json' });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    const base = ctx.config.PUBLIC_URL;
    expect(await answer.json()).toMatchObject({ status: 404, askForLink: `${base}/preferences`, signUp: `${base}/` });
  });

  test('when the form on it is sent, then the link is on its way', async () => {
    const answer = await web.post('/preferences', { email: 'broken@example.org' });
    expect(answer.status).toBe(202);
    expect(await ctx.db.delivery.count({ where: { email: 'broken@example.org', kind: 'link' } })).toBe(1);
  });
});

test('when somebody opens /subscribe, then they are led to the form, in their language', async () => {
  for (const [path, to] of [
    ['/subscribe', '/'],
    ['/subscribe?lang=de', '/?lang=de'],
  ] as const) {
    const answer = await web.get(path);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, to]);
  }
  expect((await web.get('/')).status).toBe(200);
});
