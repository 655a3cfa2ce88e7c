// Lays zod beside the compiled program as one module, in English alone. Its own door opens a hundred files, half of them its errors
// in other languages, which nobody here asks for: 40 ms of every command. What runs from sources opens that door as ever.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const dist = join(root, 'dist');
const shipped = join(dist, 'zod.js');

/** Leaves the list of languages empty; English, which zod speaks unasked, is not read from there. */
const withoutLanguages = {
  name: 'without-languages',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /\/locales\/index\.js$/ }, ({ path }) => ({ path, namespace: 'languages' }));
    onLoad({ filter: /.*/, namespace: 'languages' }, () => ({ contents: '' }));
  },
};

const licence = join(dirname(createRequire(import.meta.url).resolve('zod/package.json')), 'LICENSE');
await build({
  stdin: { contents: `export { z } from 'zod';`, resolveDir: root },
  outfile: shipped,
  banner: { js: `/*! zod\n${readFileSync(licence, 'utf8')}*/` },
  bundle: true,
  format: 'esm',
  platform: 'node',
  plugins: [withoutLanguages],
});

for (const name of readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))) {
  const path = join(dist, name);
  const source = readFileSync(path, 'utf8');
  const from = relative(dirname(path), shipped);
  const standing = source.replaceAll(`from 'zod'`, `from '${from.startsWith('.') ? from : `./${from}`}'`);
  if (standing !== source) writeFileSync(path, standing);
}
