/**
 * Lets a bench measure what is shipped: what it imports from src/ comes from dist/ instead (`npm run build` makes it). Run as sources,
 * each function would carry what the TypeScript runner adds to it.
 */
import { register } from 'node:module';

if (!import.meta.url.startsWith('data:')) {
  const [src, dist] = ['../src/', '../dist/'].map((folder) => new URL(folder, import.meta.url).href);
  register(
    `data:text/javascript,${encodeURIComponent(`
      export async function resolve(specifier, context, next) {
        const found = await next(specifier, context);
        const [url] = found.url.split('?');
        if (!url.startsWith('${src}') || !url.endsWith('.ts')) return found;
        return { url: '${dist}' + url.slice('${src}'.length, -3) + '.js', format: 'module', shortCircuit: true };
      }`)}`,
  );
}
