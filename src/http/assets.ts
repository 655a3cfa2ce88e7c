import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import express, { Router, type Request } from 'express';
import { PACKAGE_ROOT } from '../config.ts';
import type { Place } from './places.ts';

/** What pages load: style sheets, one script, the icon. */
const ASSETS = join(PACKAGE_ROOT, 'templates/assets');

/** What others made and is served as it came, by the name it has here. */
const OTHERS = new Map([['simplewebauthn.js', bundleOf('@simplewebauthn/browser', 'dist/bundle/index.umd.min.js')]]);

/** Where the assets lie. */
export const assetPlaces: readonly Place[] = [
  { name: 'assets', busy: true, open: [/^\/assets\/[a-z-]{1,30}\.[a-z]{2,4}$/] },
  { name: 'favicon.ico' },
];

/** Read once per process: assets are part of a release. */
const urls = new Map<string, string>();

/** Returns the address of an asset. The content's hash is in it, so that browsers may keep an asset for ever. */
export function assetUrl(name: string): string {
  const known = urls.get(name);
  if (known) return known;
  const hash = createHash('sha256')
    .update(readFileSync(OTHERS.get(name) ?? join(ASSETS, name)))
    .digest('base64url')
    .slice(0, 10);
  const url = `/assets/${name}?v=${hash}`;
  urls.set(name, url);
  return url;
}

/** Finds a file of a package that its exports do not name, beside its package.json. */
function bundleOf(name: string, file: string): string {
  const [folder = ''] = createRequire(import.meta.url)
    .resolve(name)
    .split(join(name, 'script'));
  return join(folder, name, file);
}

/** Serves the assets, and the icon where browsers look for it. */
export function assetRoutes(): Router {
  const router = Router();
  router.use(['/assets', '/favicon.ico'], (_req, res, next) => {
    // A sandboxed newsletter is of another origin and wants the icon.
    res.set('Cross-Origin-Resource-Policy', 'cross-origin');
    next();
  });
  for (const [name, file] of OTHERS) {
    router.get(`/assets/${name}`, (req, res) => {
      // Packages may lie in `.npm/_npx` or `.pnpm`.
      res.set('Cache-Control', keeping(name, req)).sendFile(file, { cacheControl: false, dotfiles: 'allow' });
    });
  }
  const ours = express.static(ASSETS, {
    ...{ cacheControl: false, index: false, redirect: false },
    setHeaders: (res, file) => res.set('Cache-Control', keeping(relative(ASSETS, file), res.req)),
  });
  router.use('/assets', ours);
  router.get('/favicon.ico', (_req, res) => res.redirect(301, '/assets/icon.svg'));
  return router;
}

/**
 * Says for how long an asset may be kept: for ever by its own hash, an hour by its name alone. While one release
 * follows the other, the page of one may ask the other: what that has is never kept under a hash that is not its own.
 */
function keeping(name: string, { query: { v } }: Request): string {
  if (v === undefined) return 'public, max-age=3600';
  const isOwn = typeof v === 'string' && assetUrl(name).endsWith(`?v=${v}`);
  return isOwn ? 'public, max-age=31536000, immutable' : 'no-store';
}
