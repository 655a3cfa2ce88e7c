import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { forgetImportRowsOf } from '../../src/db/operator/errand-leftovers.ts';
import { createErrand, endErrand, keepProblems, noteErrand } from '../../src/db/operator/errands.ts';
import { forgetLeftovers } from '../../src/operate/errands/forget-leftovers.ts';
import { beginImport, draftImport } from '../../src/operate/errands/import-file.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';

const database = testDatabase();
let ctx: TestContext;
let folder: string;

beforeAll(async () => {
  ctx = await testContext(database);
  folder = join(ctx.config.DATA_DIR, 'imports');
  mkdirSync(folder, { recursive: true });
});

const at = (text: string) => new Date(text);
const stored = (name: string, handedIn: string) => {
  writeFileSync(join(folder, name), 'email\nada@example.org\n');
  utimesSync(join(folder, name), at(handedIn), at(handedIn));
  return { file: `${name}.csv`, stored: name, bytes: 22 };
};

test('when nobody decides about a file, or no import wants it, then it goes; what is still wanted stays', async () => {
  ctx.setNow('2026-01-01T12:00:00Z');
  const left = await draftImport(ctx, stored('left', '2026-01-01T12:00:00Z'), 'cli');
  const begun = await draftImport(ctx, stored('begun', '2026-01-01T12:00:00Z'), 'cli');
  await beginImport(ctx, begun, { map: [['email', 'email']], total: 1 }, 'cli');
  const failed = await draftImport(ctx, stored('failed', '2026-01-01T12:00:00Z'), 'cli');
  await endErrand(ctx.db, failed, { state: 'failed', error: 'x', finishedAt: ctx.now() });
  ctx.setNow('2026-01-08T12:00:01Z');
  const fresh = await draftImport(ctx, stored('fresh', '2026-01-08T12:00:00Z'), 'cli');
  stored('handed-in-just-now', '2026-01-08T12:00:00Z');
  expect(await forgetLeftovers(ctx)).toEqual({ forgottenFiles: 2, forgottenRows: 0 });
  const there = ['left', 'begun', 'failed', 'fresh', 'handed-in-just-now'].filter((name) =>
    existsSync(join(folder, name)),
  );
  expect(there).toEqual(['begun', 'fresh', 'handed-in-just-now']);
  const states = await ctx.db.errand.findMany({ where: { id: { in: [left, fresh] } }, orderBy: { id: 'asc' } });
  expect(states.map(({ state }) => state)).toEqual(['stopped', 'draft']);
});

test('when nothing was ever handed in, then nothing is looked for and no folder is made, and a folder among the files stays', async () => {
  const empty = await testContext(database);
  await forgetLeftovers(empty);
  expect(existsSync(join(empty.config.DATA_DIR, 'imports'))).toBe(false);
  mkdirSync(join(folder, 'kept'));
  utimesSync(join(folder, 'kept'), at('2025-01-01T00:00:00Z'), at('2025-01-01T00:00:00Z'));
  await forgetLeftovers(ctx);
  expect(existsSync(join(folder, 'kept'))).toBe(true);
});

test('when an import ended three months ago, then the rows that it did not take in are forgotten', async () => {
  for (const [finishedAt, line] of [
    ['2026-01-01T12:00:00Z', 1],
    ['2026-03-01T12:00:00Z', 2],
  ] as const) {
    const id = await createErrand(ctx.db, { kind: 'readers.import', wish: {}, actor: 'cli', now: at(finishedAt) });
    await keepProblems(ctx.db, id, [{ line, what: 'ada@example.org', reason: 'already here' }]);
    await endErrand(ctx.db, id, { state: 'done', finishedAt: at(finishedAt) });
  }
  ctx.setNow('2026-04-02T12:00:00Z');
  expect(await forgetLeftovers(ctx)).toMatchObject({ forgottenRows: 1 });
  expect((await ctx.db.errandProblem.findMany()).map(({ line }) => line)).toEqual([2]);
});

test('when an import died with its command, then its rows are forgotten too', async () => {
  const given = { kind: 'readers.import', wish: {}, actor: 'cli', now: at('2026-05-01T12:00:00Z') } as const;
  const id = await createErrand(ctx.db, { ...given, state: 'failed' });
  await keepProblems(ctx.db, id, [{ line: 7, what: 'ada@example.org', reason: 'already here' }]);
  ctx.setNow('2026-07-29T12:00:00Z');
  await forgetLeftovers(ctx);
  expect(await ctx.db.errandProblem.count({ where: { errandId: id } })).toBe(1);
  ctx.setNow('2026-07-30T12:00:01Z');
  await forgetLeftovers(ctx);
  expect(await ctx.db.errandProblem.count({ where: { errandId: id } })).toBe(0);
});

test('when somebody is erased, then rows go that name them in either form, and nobody else’s', async () => {
  const id = await createErrand(ctx.db, { kind: 'readers.import', wish: {}, actor: 'cli', now: ctx.now() });
  const rows = [
    'ada@xn--bcher-kva.example',
    'Ada@Bücher.example',
    'x ada@bücher.example',
    'nada@xn--bcher-kva.example',
  ];
  await keepProblems(
    ctx.db,
    id,
    rows.map((what, line) => ({ line, what, reason: 'no' })),
  );
  await forgetImportRowsOf(ctx.db, ['ada@xn--bcher-kva.example']);
  const left = await ctx.db.errandProblem.findMany({ where: { errandId: id } });
  expect(left.map(({ what }) => what)).toEqual(['nada@xn--bcher-kva.example']);
});

test.each(['done', 'stopped', 'failed'] as const)(
  'when work on a list narrowed by an address is %s, then by whose is forgotten',
  async (state) => {
    const wish = { act: 'pause', filter: { state: 'confirmed', address: 'quenby' } };
    const id = await createErrand(ctx.db, { kind: 'readers.pause', wish, actor: 'cli', now: ctx.now() });
    await forgetLeftovers(ctx);
    expect((await ctx.db.errand.findUniqueOrThrow({ where: { id } })).wish).toEqual(wish);
    await noteErrand(ctx.db, id, { state, finishedAt: ctx.now() });
    await forgetLeftovers(ctx);
    expect((await ctx.db.errand.findUniqueOrThrow({ where: { id } })).wish).toEqual({
      act: 'pause',
      filter: { state: 'confirmed', address: '…' },
    });
  },
);
