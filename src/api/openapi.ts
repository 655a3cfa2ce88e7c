import { z } from 'zod';
import { packageVersion } from '../package.ts';
import { SCOPES } from '../model/scope.ts';
import { BASE } from './router.ts';
import type { AnswerSpec, Parts, Route } from './route.ts';
import { answerSchemas, requestSchemas } from './schemas/named.ts';

/** A part of the document. */
export type Json = Record<string, unknown>;

/** One operation of the document. */
export interface Operation extends Json {
  tags: string[];
  summary: string;
  operationId: string;
  parameters: Json[];
  responses: Record<string, Json>;
}

/** What the API takes and answers, for programs (OpenAPI 3.1). */
export interface OpenApiDocument extends Json {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
}

const JSON_TYPE = 'application/json';

/** Refusals that any request may meet, by status. */
const ALWAYS: Record<number, string> = {
  400: 'The request cannot be read',
  401: 'No token, or one that does not work (any more)',
  403: 'The token lacks the scope',
  429: 'Too many requests; Retry-After says when there is room',
};

/** Describes routes as an OpenAPI document; its schemas are those that check requests and type answers. */
export function describeApi(routes: readonly Route[], publicUrl: string): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {};
  for (const one of routes) (paths[one.path] ??= {})[one.method] = operationOf(one);
  const scopes = Object.entries(SCOPES).map(([scope, lets]) => `* \`${scope}\`: ${lets}`);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Offprint API',
      version: packageVersion(),
      description: `Scopes of tokens; writing includes reading:\n\n${scopes.join('\n')}`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: `${publicUrl}${BASE}` }],
    security: [{ token: [] }],
    tags: [...new Set(routes.map(({ resource }) => resource))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        token: { type: 'http', scheme: 'bearer', description: '`offprint token create NAME --scope S` makes one' },
      },
      schemas: { ...schemasOf(requestSchemas, 'input'), ...schemasOf(answerSchemas, 'output') },
    },
  };
}

/** Names an operation by what it does: `get_subscribers_id`. */
export function operationId({ method, path }: Pick<Route, 'method' | 'path'>): string {
  return `${method}${path.replace(/[{}]/g, '').replace(/[/-]/g, '_')}`;
}

function operationOf(one: Route): Operation {
  const { resource, does, more, scope, params, query, needsMatch = false } = one;
  const headers = [
    ...(needsMatch ? [header('If-Match', 'ETag of the version that is changed', false)] : []),
    ...(one.method === 'post' ? [header('Idempotency-Key', KEY_SAYS, false)] : []),
  ];
  const content = bodyOf(one);
  return {
    tags: [resource],
    summary: does,
    ...(more !== undefined && { description: more }),
    operationId: operationId(one),
    security: [{ token: [scope] }],
    parameters: [...parametersOf('path', params), ...parametersOf('query', query), ...headers],
    ...(content && { requestBody: { required: true, content } }),
    responses: responsesOf(one),
  };
}

const KEY_SAYS = 'Any text: asking again with it within 24 hours gives the same answer and does nothing';

function header(name: string, description: string, required: boolean): Json {
  return { name, in: 'header', required, description, schema: { type: 'string' } };
}

function parametersOf(place: 'path' | 'query', parts: Parts | undefined): Json[] {
  return Object.entries((parts?.shape ?? {}) as Record<string, z.ZodType>).map(([name, part]) => {
    const { description, ...schema } = plain(z.toJSONSchema(part, { io: 'input' }));
    const required = place === 'path' || !part.safeParse(undefined).success;
    return { name, in: place, required, ...(description !== undefined && { description }), schema };
  });
}

function bodyOf({ takesFile, body }: Route): Json | null {
  if (takesFile) return { 'application/octet-stream': { schema: {} } };
  return body ? { [JSON_TYPE]: { schema: { $ref: refTo(requestSchemas.get(body)?.id) } } } : null;
}

function responsesOf(one: Route): Record<string, Json> {
  const good = Object.entries(one.answers).map(([status, spec]) => [status, responseOf(one, spec)]);
  const refusals = Object.entries({ ...ALWAYS, ...refusalsOf(one) }).map(([status, says]) => [
    status,
    { description: says, content: { 'application/problem+json': { schema: { $ref: refTo('Problem') } } } },
  ]);
  return Object.fromEntries([...good, ...refusals]) as Record<string, Json>;
}

function responseOf(one: Route, { says, schema }: AnswerSpec): Json {
  const isList = one.query !== undefined && 'cursor' in one.query.shape;
  const headers = isList && {
    headers: { Link: { description: 'rel="next": the next page', schema: { type: 'string' } } },
  };
  if (!schema) return { description: says };
  return {
    description: says,
    ...headers,
    content: { [JSON_TYPE]: { schema: { $ref: refTo(answerSchemas.get(schema)?.id) } } },
  };
}

function refusalsOf({ method, params, needsMatch, body, takesFile }: Route): Record<number, string> {
  const takesBody = body !== undefined || takesFile === true;
  return {
    ...(params && { 404: 'There is no such thing' }),
    ...(method !== 'get' && { 409: 'It is not as it would have to be for this' }),
    ...(needsMatch && { 412: 'It has changed since', 428: 'If-Match is missing' }),
    ...(takesBody && { 413: 'The body is too long' }),
    ...(method !== 'get' && { 415: 'The body is not JSON by its Content-Type' }),
    422: 'Something cannot be used; `errors` names each part',
  };
}

function refTo(id: string | undefined): string {
  if (id === undefined) throw new Error('a schema of a route has no name: see schemas/named.ts');
  return `#/components/schemas/${id}`;
}

function schemasOf(registry: z.core.$ZodRegistry<{ id: string }>, io: 'input' | 'output'): Record<string, Json> {
  const { schemas } = z.toJSONSchema(registry, { io, uri: (id) => refTo(id) });
  return Object.fromEntries(Object.entries(schemas).map(([id, schema]) => [id, plain(schema)]));
}

/** Leaves out what a schema says of itself alone: in the document it stands among others. */
function plain(schema: Json): Json {
  return Object.fromEntries(Object.entries(schema).filter(([name]) => name !== '$schema' && name !== '$id'));
}
