import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
const SCHEMA = join(PACKAGE_ROOT, 'prisma', 'schema.prisma');

/** Has Prisma's schema engine compare the migrations, on this server, with a schema. */
function check(...schema: string[]): Promise<{ code: number; words: string }> {
  const args = [join('prisma', 'schema-engine.mjs'), 'check', database.url, ...schema];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: PACKAGE_ROOT }, (error, out, err) =>
      resolve({ code: Number(error?.code ?? 0), words: `${out}${err}` }),
    );
  });
}

describe('schema.prisma', () => {
  let dir: string;
  beforeAll(async () => void (dir = await mkdtemp(join(tmpdir(), 'offprint-schema-'))));
  afterAll(() => rm(dir, { recursive: true, force: true }));

  async function changed(from: string, to: string): Promise<string> {
    const schema = await readFile(SCHEMA, 'utf8');
    if (!schema.includes(from)) throw new Error(`schema.prisma does not say «${from}»`);
    const path = join(dir, 'schema.prisma');
    await writeFile(path, schema.replace(from, to));
    return path;
  }

  it('when the migrations have run, then it says what they have made', async () => {
    expect(await check()).toEqual({ code: 0, words: 'schema.prisma and the migrations agree\n' });
  });

  it('when a column is in the schema alone, then the check fails and names it', async () => {
    const { code, words } = await check(
      await changed('worker      String', 'worker      String\n  mood        String?'),
    );
    expect(code).toBe(1);
    expect(words).toContain('ADD COLUMN     "mood" TEXT');
  });

  it('when a column may be empty in the schema alone, then the check fails and names it', async () => {
    const { code, words } = await check(await changed('strikes  Int  ', 'strikes  Int? '));
    expect(code).toBe(1);
    expect(words).toContain('"strikes" DROP NOT NULL');
  });
});
