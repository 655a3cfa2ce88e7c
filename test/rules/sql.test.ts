import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';
import { describe, expect, test } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';

/** Our own linter, without what asks for types: none of these rules does, and types take a minute on a busy machine. */
const eslint = new ESLint({ cwd: PACKAGE_ROOT, overrideConfig: tseslint.configs.disableTypeChecked });

/** Lints a text as if it stood in that file, and returns the messages of our own rules. */
async function messagesOf(source: string, file: string): Promise<string[]> {
  const [result] = await eslint.lintText(source, { filePath: file });
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId?.startsWith('no-restricted')).map((one) => one.message);
}

const ANY = 'src/db/subscribers/planted.ts';
const TX = "import type { Tx } from '../client.ts';\n";

describe('the roads of SQL', () => {
  test.each([
    ['a raw query', `${TX}export const f = (db: Tx) => db.$queryRaw\`SELECT 1\`;`],
    ['a raw command', `${TX}export const f = (db: Tx) => db.$executeRaw\`SELECT 1\`;`],
    ['an unsafe query', `${TX}export const f = (db: Tx, t: string) => db.$queryRawUnsafe(t);`],
    ['an unsafe command', `${TX}export const f = (db: Tx, t: string) => db.$executeRawUnsafe(t);`],
    ['a road taken out of its owner', `${TX}export const f = ({ $queryRaw }: Tx) => $queryRaw;`],
    [
      "Prisma's own pieces of SQL",
      "import { Prisma } from '../generated/client.ts';\nexport const f = Prisma.sql`SELECT 1`;",
    ],
    ["Prisma's own text", "import { Prisma } from '../generated/client.ts';\nexport const f = Prisma.raw('now()');"],
    ["the driver's pool", "import type pg from 'pg';\nexport const f = (pool: pg.Pool) => pool.query('SELECT 1');"],
    ['a session', "import type pg from 'pg';\nexport const f = (one: pg.PoolClient) => one.query('SELECT 1');"],
  ])('when %s is planted in a file of a family, then it is refused', async (_, source) => {
    expect(await messagesOf(source, ANY)).toEqual([expect.stringMatching(/src\/db\/README\.md/)]);
  });

  test.each(['src/web/planted.ts', 'src/queue.ts', 'src/db/statement.ts', 'src/config.ts'])(
    'when a raw query is planted in %s, then it is refused',
    async (file) => {
      const found = await messagesOf('export const f = (db: any) => db.$queryRaw`SELECT 1`;', file);
      expect(found).toEqual([expect.stringMatching(/src\/db\/README\.md/)]);
    },
  );

  test.each(['src/db/migrate.ts', 'src/db/embedded/server.ts'])(
    'when %s asks over its own session, then it may',
    async (file) => {
      expect(await messagesOf("export const f = (client: any) => client.query('SELECT 1');", file)).toEqual([]);
    },
  );

  test('when the clock is asked in a file of a family, then it is refused still', async () => {
    expect(await messagesOf('export const f = () => Date.now();', ANY)).toEqual(['Ask ctx.now().']);
  });
});
