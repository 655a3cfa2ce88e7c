import type { Context } from '../context.ts';
import { links } from '../links/links.ts';

interface Reader {
  publicId: string;
  generation: number;
}

/** Returns the path of a reader's settings, with a fresh token. */
export function preferencesPath(ctx: Context, reader: Reader): string {
  return withKey(ctx, (key) => links.preferences('', key, reader.publicId, reader.generation));
}

/** Returns the path on which a reader may leave. */
export function unsubscribePath(ctx: Context, reader: Reader): string {
  return withKey(ctx, (key) => links.unsubscribe('', key, reader.publicId, reader.generation));
}

/** Returns the path of a reader's private feed. */
export function feedPath(ctx: Context, reader: Reader): string {
  return withKey(ctx, (key) => links.feed('', key, reader.publicId, reader.generation));
}

/** Returns the path on which a question is answered. */
export function confirmPath(ctx: Context, requestPublicId: string, generation: number): string {
  return withKey(ctx, (key) => links.confirm('', key, requestPublicId, generation));
}

/** Returns the path of one newsletter in the browser. */
export function newsletterPath(ctx: Context, newsletterPublicId: string, generation: number): string {
  return withKey(ctx, (key) => links.newsletter('', key, newsletterPublicId, generation));
}

function withKey(ctx: Context, build: (key: Context['keys']['link'][number]) => string): string {
  const [key] = ctx.keys.link;
  if (!key) throw new Error('No key to sign links with');
  return build(key);
}
