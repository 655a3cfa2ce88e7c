import { beforeAll, expect, test } from 'vitest';
import { routeOf } from '../../src/http/app.ts';
import { robotsText } from '../../src/http/places.ts';
import { createWebPages, webPlaces } from '../../src/web/app.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

/** A layer of an Express router, as far as it tells where its routes lie. */
interface Layer {
  route?: { path: string };
  handle: { stack?: Layer[] };
}

const database = testDatabase();
let paths: string[];

beforeAll(async () => {
  const { routes } = createWebPages(await testContext(database));
  paths = pathsIn(routes.stack as unknown as Layer[]);
});

function pathsIn(layers: readonly Layer[]): string[] {
  return layers.flatMap(({ route, handle }) => [...(route ? [route.path] : []), ...pathsIn(handle.stack ?? [])]);
}

test('when a page is served, then the log can say where it lies, and nothing of what may be a token behind it', () => {
  const firsts = [...new Set(paths.map((path) => path.split('/')[1] ?? ''))].filter(Boolean);
  expect(firsts.length).toBeGreaterThan(15);
  for (const first of firsts) {
    expect(routeOf(`/${first}`).path).toBe(`/${first}`);
    expect(routeOf(`/${first}/a.token/`).path).toBe(`/${first}/…`);
  }
});

test('when an address holds a token, then crawlers are asked to stay away from where it lies', () => {
  const withTokens = paths.filter((path) => path.includes(':token')).map((path) => path.split('/')[1] ?? '');
  expect(withTokens.length).toBeGreaterThan(8);
  const robots = robotsText(webPlaces).split('\n');
  for (const place of withTokens)
    expect(robots.map((rule) => rule.replace(/\/$/, ''))).toContain(`Disallow: /${place}`);
  const isHidden = (path: string) => robots.some((rule) => path.startsWith(/^Disallow: (.+)/.exec(rule)?.[1] ?? '-'));
  for (const place of withTokens) expect([place, isHidden(`/${place}/a.token`)]).toEqual([place, true]);
  for (const path of ['/', '/feeds/robotics.xml', '/digests', '/papers/x', '/help']) {
    expect([path, isHidden(path)]).toEqual([path, false]);
  }
});

test('when places are hidden, then robots.txt names these alone, in order', () => {
  const places = [{ name: 'undo', hidden: true }, { name: 'feeds' }, { name: 'feed', hidden: true }];
  expect(robotsText(places)).toBe('User-agent: *\nDisallow: /feed/\nDisallow: /undo\n');
});
