import { readFileSync } from 'node:fs';
import { validate } from '@readme/openapi-parser';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OpenApiDocument } from '../../src/api/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { apiServer, type ApiServer } from './api-server.ts';
import { clientTypes, CLIENT_FILE } from './generate-client.ts';

const database = testDatabase();
let api: ApiServer;
let document: OpenApiDocument;

beforeAll(async () => {
  api = await apiServer(await testContext(database));
  document = (await (await fetch(`${api.base}/api/openapi.json`)).json()) as OpenApiDocument;
});
afterAll(() => api.close());

test('when the document is asked for, then it is valid OpenAPI 3.1 and holds every route', async () => {
  const result = await validate(structuredClone(document) as never);
  expect(result).toMatchObject({ valid: true });
  const described = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  );
  expect(described.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test('when a client is generated from the document, then it is the one that the journey is written with', async () => {
  expect(await clientTypes()).toBe(readFileSync(CLIENT_FILE, 'utf8'));
});
