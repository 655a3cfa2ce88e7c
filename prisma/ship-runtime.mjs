// Lays beside the compiled client what it asks of `@prisma/client`: its runtime, and the compiler for PostgreSQL. That package
// brings compilers for five databases, each twice, 73 MB of them; so it is for developers alone, and dist/ stands by itself.
import { Buffer } from 'node:buffer';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const client = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'db', 'generated');
const shipped = join(client, 'runtime');
const ASKED = /(["'])@prisma\/client\/runtime\/[\w.-]+\1/g;

const IN_BASE64 = '.wasm-base64.mjs';

mkdirSync(shipped, { recursive: true });
copyFileSync(
  join(dirname(createRequire(import.meta.url).resolve('@prisma/client')), 'LICENSE'),
  join(shipped, 'LICENSE'),
);
writeFileSync(join(shipped, 'package.json'), '{ "type": "commonjs" }\n'); // its .js are; the folders above hold modules

for (const name of readdirSync(client, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'))) {
  const path = join(client, name);
  const source = readFileSync(path, 'utf8');
  const standing = source.replace(ASKED, (quoted) => JSON.stringify(besides(dirname(path), quoted.slice(1, -1))));
  if (standing !== source) writeFileSync(path, standing);
}

/** Copies one module of the runtime, and names it as a module in `folder` does. */
function besides(folder, specifier) {
  const from = fileURLToPath(import.meta.resolve(specifier));
  if (from.endsWith(IN_BASE64)) writeAsFile(from);
  else copyFileSync(from, join(shipped, basename(from)));
  return `./${relative(folder, join(shipped, basename(from)))}`.replace(/^\.\/\.\./, '..');
}

/**
 * Writes the compiler as a file beside a module that reads it. As text in a module, each process would hold it twice for
 * good, some 5 MB: as the module's source and as its string. The client asks `Buffer.from` for its bytes, which asks `valueOf`.
 */
function writeAsFile(from) {
  const [, base64] = /wasm = "([^"]+)"/.exec(readFileSync(from, 'utf8')) ?? [];
  if (base64 === undefined) throw new Error(`${from}: expected a WebAssembly module in base64`);
  const file = basename(from).replace(IN_BASE64, '.wasm');
  writeFileSync(join(shipped, file), Buffer.from(base64, 'base64'));
  writeFileSync(
    join(shipped, basename(from)),
    `import { readFileSync } from 'node:fs';\nexport const wasm = { valueOf: () => readFileSync(new URL('./${file}', import.meta.url)) };\n`,
  );
}
