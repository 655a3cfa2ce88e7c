import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { PACKAGE_ROOT } from '../../src/config.ts';

const OXLINT = join(PACKAGE_ROOT, 'node_modules', '.bin', 'oxlint');
const OURS = ['.oxlintrc.json', 'test/rules/house-rules.mjs'];
const report = z.object({
  diagnostics: z.array(z.object({ code: z.string(), message: z.string(), filename: z.string() })),
});

const folder = mkdtempSync(join(tmpdir(), 'offprint-lint-'));
const planted: string[] = [];

/** Has a text stand in that file; returns its name. */
function plant(source: string, file = `src/db/subscribers/planted-${planted.length}.ts`): string {
  mkdirSync(join(folder, dirname(file)), { recursive: true });
  writeFileSync(join(folder, file), source);
  planted.push(file);
  return file;
}

/** Lints all that was planted by our own settings, once; returns the messages of our own rules by file. */
const found = memo(async () => {
  for (const name of OURS) {
    mkdirSync(join(folder, dirname(name)), { recursive: true });
    copyFileSync(join(PACKAGE_ROOT, name), join(folder, name));
  }
  // None of these rules asks for types.
  const args = ['-c', '.oxlintrc.json', '--format', 'json', '--disable-nested-config', ...planted];
  const said = await new Promise<string>((resolve) =>
    execFile(OXLINT, args, { cwd: folder }, (_, stdout) => resolve(stdout)),
  );
  return report.parse(JSON.parse(said)).diagnostics.filter(({ code }) => code.startsWith('house'));
});

async function messagesOf(file: string): Promise<string[]> {
  return (await found()).filter(({ filename }) => filename === file).map(({ message }) => message);
}

function memo<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

const TX = "import type { Tx } from '../client.ts';\n";

describe('the roads of SQL', () => {
  test.each([
    ['a raw query', plant(`${TX}export const f = (db: Tx) => db.$queryRaw\`SELECT 1\`;`)],
    ['a raw command', plant(`${TX}export const f = (db: Tx) => db.$executeRaw\`SELECT 1\`;`)],
    ['an unsafe query', plant(`${TX}export const f = (db: Tx, t: string) => db.$queryRawUnsafe(t);`)],
    ['an unsafe command', plant(`${TX}export const f = (db: Tx, t: string) => db.$executeRawUnsafe(t);`)],
    ['a road by its name in brackets', plant(`${TX}export const f = (db: Tx, t: string) => db['$queryRawUnsafe'](t);`)],
    ['a road taken out of its owner', plant(`${TX}export const f = ({ $queryRaw }: Tx) => $queryRaw;`)],
    ['a road taken out under another name', plant(`${TX}export const f = ({ $queryRaw: ask }: Tx) => ask;`)],
    [
      "Prisma's own pieces of SQL",
      plant("import { Prisma } from '../generated/client.ts';\nexport const f = Prisma.sql`SELECT 1`;"),
    ],
    [
      "Prisma's own text",
      plant("import { Prisma } from '../generated/client.ts';\nexport const f = Prisma.raw('now()');"),
    ],
    [
      "Prisma's own, taken out of it",
      plant("import { Prisma } from '../generated/client.ts';\nconst { join } = Prisma;\nexport const f = join([1]);"),
    ],
    [
      "the driver's pool",
      plant("import type pg from 'pg';\nexport const f = (pool: pg.Pool) => pool.query('SELECT 1');"),
    ],
    ['a session', plant("import type pg from 'pg';\nexport const f = (one: pg.PoolClient) => one.query('SELECT 1');")],
    [
      'a session that may be missing',
      plant("import type pg from 'pg';\nexport const f = (one?: pg.PoolClient) => one?.query('SELECT 1');"),
    ],
  ])('when %s is planted in a file of a family, then it is refused', async (_, file) => {
    expect(await messagesOf(file)).toEqual([expect.stringMatching(/src\/db\/README\.md/)]);
  });

  test.each(
    ['src/web/planted.ts', 'src/queue.ts', 'src/db/statement.ts', 'src/config.ts'].map((file) =>
      plant('export const f = (db: any) => db.$queryRaw`SELECT 1`;', file),
    ),
  )('when a raw query is planted in %s, then it is refused', async (file) => {
    expect(await messagesOf(file)).toEqual([expect.stringMatching(/src\/db\/README\.md/)]);
  });

  test.each(
    ['src/db/migrate.ts', 'src/db/embedded/server.ts'].map((file) =>
      plant("export const f = (client: any) => client.query('SELECT 1');", file),
    ),
  )('when %s asks over its own session, then it may', async (file) => {
    expect(await messagesOf(file)).toEqual([]);
  });
});

describe('the other rules of the house', () => {
  test.each([
    ['the clock is asked', plant('export const f = () => Date.now();'), 'Ask ctx.now().'],
    ['a date of now is made', plant('export const f = () => new Date();'), 'Ask ctx.now().'],
    ['the environment is read', plant('export const f = process.env;'), 'Settings come from src/config.ts.'],
    ['the environment is taken out', plant('export const { env } = process;'), 'Settings come from src/config.ts.'],
    [
      'a transaction is opened',
      plant('export const f = (db: any) => db.$transaction([]);'),
      'Use transaction() of src/db/client.ts.',
    ],
    ['a comment is wide', plant(`// ${'wide '.repeat(24)}\nexport {};`), 'A comment ends at column 120.'],
    [
      'one line of a comment is wide',
      plant(`/**\n * ${'wide '.repeat(24)}\n */\nexport {};`),
      'A comment ends at column 120.',
    ],
    [
      'a comment ends a line that it makes wide',
      plant(`export const f = 1; // ${'wide '.repeat(20)}`),
      'A comment ends at column 120.',
    ],
  ])('when %s in a file of a family, then it is refused', async (_, file, message) => {
    expect(await messagesOf(file)).toEqual([message]);
  });

  test.each([
    ['a date is made of another', plant('export const f = (at: number) => new Date(at);')],
    ['a comment names a long address', plant(`// https://example.org/${'wide'.repeat(30)}\nexport {};`)],
    ['a line is wide by its code', plant(`export const f = '${'wide '.repeat(24)}'; // why`)],
  ])('when %s, then it may', async (_, file) => {
    expect(await messagesOf(file)).toEqual([]);
  });
});
