import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenApiDocument } from '../../src/api/openapi.ts';
import { syncTopics } from '../../src/db/interests/topics.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { makeDigest } from '../world/digests.ts';
import { planMany } from '../world/mails.ts';
import { TOPICS } from '../world/matchers.ts';
import { apiServer, tokenWith, type ApiServer } from './api-server.ts';
import { answerChecker, requestsFrom } from './document-requests.ts';

const database = testDatabase();
let ctx: TestContext;
let api: ApiServer;
let document: OpenApiDocument;

beforeAll(async () => {
  ctx = await testContext(database);
  api = await apiServer(ctx);
  document = (await (await fetch(`${api.base}/api/openapi.json`)).json()) as OpenApiDocument;
});
afterAll(() => api.close());

/** Requests sent at a time, and how often. */
const AT_ONCE = 20;
const TIMES = 10_000 / AT_ONCE;

test('when thousands of requests are built from the document, then none fails here and every answer fits its schema', async () => {
  await planMany(database.db, 40, 'daily:2026-01-05');
  await syncTopics(database.db, TOPICS.slice(0, 10));
  await makeDigest(database.db, '2026-01-04', ['Robots that fold'], ctx.now(), { state: 'held', source: 'hf' });
  await makeDigest(database.db, '2026-01-05', ['Proteins that fold', 'Graphs'], ctx.now(), { source: 'hf' });
  const deliveries = await database.db.delivery.findMany({ take: 5 });
  const papers = await database.db.paper.findMany();
  const known = {
    id: [
      ...['p1', 'p2', 'p3', '1', '2', 'hf:2026-01-04', 'hf:2026-01-05'],
      ...[...deliveries, ...papers].map(({ publicId }) => publicId),
    ],
    ...{ key: ['daily:2026-01-05'], edition: ['daily:2026-01-05'], slug: ['robotics', TOPICS[0]?.slug ?? ''] },
    ...{ name: ['ingest', 'match', 'hooks'], email: ['reader3@example.org'] },
  };
  const tokens = await Promise.all(
    Array.from({ length: 40 }, () => tokenWith(ctx, '*:write', 'addresses:read', 'subscribers:erase')),
  );
  const fits = answerChecker(document);
  let sent = 0;
  // What ends something for good comes later, so that everything else finds something to act on.
  const tooEarly = (operation: string) =>
    sent < TIMES * 5 && /^delete|cancel|discard|erase|unsubscribe/.test(operation);
  await fc.assert(
    fc.asyncProperty(
      fc.array(requestsFrom(document, known), { minLength: AT_ONCE, maxLength: AT_ONCE }),
      async (some) => {
        const answers = await Promise.all(
          some
            .filter(({ operation }) => !tooEarly(operation))
            .map(async ({ method, path, headers, body, operation }) => {
              const token = tokens[sent++ % tokens.length] ?? '';
              const answer = await fetch(`${api.base}/api/v1${path}`, {
                ...{ method, redirect: 'manual', ...(body !== undefined && { body }) },
                headers: { authorization: `Bearer ${token}`, ...headers },
              });
              const text = await answer.text();
              const problem = answer.status >= 500 ? 'failed here' : fits(operation, answer.status, text);
              return problem === '' ? '' : `${method} ${path} ${body ?? ''}: ${answer.status} ${text}: ${problem}`;
            }),
        );
        expect(answers.filter(Boolean)).toEqual([]);
      },
    ),
    { numRuns: Math.ceil(TIMES * 1.1), endOnFailure: true },
  );
  expect(sent).toBeGreaterThanOrEqual(TIMES * AT_ONCE);
}, 900_000);
