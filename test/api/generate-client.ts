import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { describeApi } from '../../src/api/openapi.ts';
import { ROUTES } from '../../src/api/routes.ts';

/** Where the generated types lie, which the journey is written with. */
export const CLIENT_FILE = new URL('./generated/offprint-api.ts', import.meta.url);

/** Generates the types of a client from the document, as anybody outside would. */
export async function clientTypes(): Promise<string> {
  const document = describeApi(ROUTES, 'http://localhost:3000');
  return astToString(await openapiTS(JSON.parse(JSON.stringify(document)) as OpenAPI3, { alphabetize: true }));
}
