import { adminRights } from '../../src/admin/app.ts';
import type { Places } from '../world/busy-admin.ts';

/** Lists the paths below /admin that answer a GET, as patterns, without some that are no pages. */
export function getRoutes(without: readonly string[]): string[] {
  return [...adminRights.keys()]
    .filter((route) => route.startsWith('GET '))
    .map((route) => route.slice('GET '.length))
    .filter((route) => !without.includes(route));
}

/** Returns the address of a route's page; where a part of it stands for something, what `places` has for that. */
export function pathOf(route: string, places: Places): string {
  const [, area = ''] = route.split('/');
  const path = route.replace(/:\w+/, encodeURIComponent(places[area] ?? ''));
  return `/admin${path === '/' ? '' : path}`;
}
