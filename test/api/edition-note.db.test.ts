import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';

const database = testDatabase();
const PATH = '/editions/daily:2026-01-06/note';
let ctx: TestContext;
let api: ApiServer;
let token: string;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
  token = await tokenWith(ctx, 'editions:write');
});
afterAll(() => api.close());
beforeEach(() => database.db.$executeRaw`CALL empty_tables('papers, captures, editions, edition_notes, api_answers')`);

describe('the note of an edition', () => {
  test('when a program changes it, then it is told as it is in force, and the log names the token', async () => {
    const [made] = await makeDigest(ctx.db, '2026-01-05', ['Kelp'], ctx.now());
    const { publicId: id } = await ctx.db.paper.findUniqueOrThrow({ where: { id: made!.paperId } });
    expect((await api.ask('GET', PATH, { token })).body).toEqual({ edition: 'daily:2026-01-06', words: {}, picks: [] });
    const note = { edition: 'daily:2026-01-06', words: { en: 'Hello.' }, picks: [{ id, title: 'Kelp' }] };
    const changed = await api.ask('POST', PATH, { token, body: { words: { en: 'Hello. ' }, picks: [id] } });
    expect([changed.status, changed.body]).toEqual([200, note]);
    expect((await api.ask('GET', PATH, { token })).body).toEqual(note);
    expect(await ctx.db.auditEntry.findFirstOrThrow({ where: { action: 'edition.note' } })).toMatchObject({
      actor: expect.stringMatching(/^token:/) as string,
    });
  });

  test('when a part of it cannot be taken, then that part is named; of an edition that is over nothing can be changed', async () => {
    const refused = await api.ask('POST', PATH, { token, body: { words: { de: 'x'.repeat(501) }, picks: ['none'] } });
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ errors: [{ pointer: '#/words/de' }, { pointer: '#/picks' }] });
    const over = { token, body: { words: {}, picks: [] } };
    expect((await api.ask('POST', '/editions/daily:2025-01-06/note', over)).status).toBe(409);
    expect((await api.ask('GET', '/editions/daily:2025-01-06/note', { token })).status).toBe(404);
  });
});
