import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { homeOf, PACKAGE_ROOT } from '../../src/package.ts';
import { buildProgram } from '../support/built.ts';

interface Manifest {
  dependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
  scripts: Record<string, string>;
  private?: boolean;
}

interface Packed {
  files: { path: string }[];
  unpackedSize: number;
}

const manifest = JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as Manifest;
let packed: Packed;
let paths: string[];

/** What a module asks for by its name: imports, re-exports, `import('…')` and `require('…')`. */
const ASKED =
  /(?:^\s*(?:import|export)\b[^'"=;]*\bfrom\s*|^import\s*|\bimport\(|\brequire\()(['"])([@a-z][\w./@:-]*)\1/gm;

describe('the package that npm publishes', () => {
  beforeAll(async () => {
    await buildProgram();
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts'];
    const said = execFileSync('npm', args, {
      cwd: PACKAGE_ROOT,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    packed = (JSON.parse(said) as Packed[])[0] ?? { files: [], unpackedSize: 0 };
    paths = packed.files.map(({ path }) => path);
  }, 120_000);

  test('when it is packed, then it holds what it runs on', () => {
    const wanted = ['templates', 'seeds', 'prisma/migrations'].flatMap(filesOf);
    expect(wanted.length).toBeGreaterThan(200);
    const sources = filesOf('src').filter((path) => path.endsWith('.ts'));
    const compiled = sources.map((path) => path.replace(/^src\/(.*)\.ts$/, 'dist/$1.js'));
    const texts = ['LICENSE', 'README.md', '.env.example', 'docs/operate/alarms.md', 'package.json'];
    const made = ['dist/match/concepts/shipped-lexicon.bin'];
    expect([...wanted, ...compiled, ...made, ...texts].filter((path) => !paths.includes(path))).toEqual([]);
  });

  test('when it is packed, then nothing of ours alone goes out: tests, benches, sources, settings, data', () => {
    const foreign = paths.filter((path) =>
      /^(?:test|bench|src|data|node_modules|\.ci)\/|^\.env$|\.map$|\.tsbuildinfo$|\.test\.|\.eml$|^dist\/(?!.*\.(?:js|mjs)$|db\/generated\/runtime\/|match\/concepts\/shipped-lexicon\.bin$)/.test(
        path,
      ),
    );
    expect(foreign).toEqual([]);
    expect(packed.unpackedSize).toBeLessThan(30e6);
  });

  test('when it is installed, then no script of ours runs', () => {
    expect(manifest.private).toBeUndefined();
    expect(Object.keys(manifest.scripts).filter((name) => /^(?:pre|post)?install$/.test(name))).toEqual([]);
  });

  test('when its modules are loaded, then they ask for no package but those that come with it', () => {
    const asked = new Set<string>();
    for (const path of paths.filter((name) => /^dist\/.*\.m?js$/.test(name)))
      for (const [, , name = ''] of readFileSync(join(PACKAGE_ROOT, path), 'utf8').matchAll(ASKED)) asked.add(name);
    const packages = [...asked].filter((name) => !name.startsWith('node:') && !builtinModules.includes(name));
    const known = { ...manifest.dependencies, ...manifest.optionalDependencies };
    const unknown = packages.filter((name) => !(packageOf(name) in known));
    expect(unknown).toEqual(['minisearch']); // what `eval` compares with, and does without in so many words
    expect(packages).toEqual(expect.arrayContaining(['@prisma/client-runtime-utils', 'commander', 'pg']));
    expect(packages).not.toContain('zod'); // it is laid beside them as one module
  });
});

test.each([
  ['a checkout', '/srv/offprint', '/home/ada', '/srv/offprint'],
  ['an installed package', '/home/ada/node_modules/offprint', '/home/ada', '/home/ada'],
  ['a package that npx keeps', '/home/ada/.npm/_npx/5f3a/node_modules/offprint', '/srv/papers', '/srv/papers'],
])("when Offprint is %s, then the operator's folder is never npm's", (_, root, workingFolder, home) => {
  expect(homeOf(root, workingFolder)).toBe(home);
});

function filesOf(folder: string): string[] {
  return readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(PACKAGE_ROOT, join(entry.parentPath, entry.name)));
}

function packageOf(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/');
}
