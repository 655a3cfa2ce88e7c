import fc from 'fast-check';
import { z } from 'zod';
import type { OpenApiDocument } from '../../src/api/openapi.ts';

type Schema = Record<string, unknown>;

/** A request as the document allows it, or near that. */
export interface BuiltRequest {
  method: string;
  path: string;
  operation: string;
  headers: Record<string, string>;
  body: string | undefined;
}

/** Values that exist, by the name of the parameter, so that requests find something. */
export type Known = Record<string, readonly string[]>;

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required: boolean;
  schema: Schema;
}

/** Builds requests to any operation of a document, most as it says, some with a part that it does not allow. */
export function requestsFrom(document: OpenApiDocument, known: Known): fc.Arbitrary<BuiltRequest> {
  const schemas = (document['components'] as { schemas: Record<string, Schema> }).schemas;
  const valueOf = (schema: Schema) => valuesOf(schema, schemas);
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  return fc.oneof(
    ...operations.map(({ path, method, operation }) => {
      const parameters = operation.parameters as unknown as Parameter[];
      const content = (operation['requestBody'] as { content?: Record<string, { schema: Schema }> } | undefined)
        ?.content;
      const [type = '', { schema = {} } = {}] = Object.entries(content ?? {})[0] ?? [];
      const body = !content ? fc.constant(undefined) : bodies(type, schema, valueOf);
      return fc
        .tuple(fc.record(recordOf(parameters, known, valueOf), { requiredKeys: requiredOf(parameters) }), body)
        .map(([given, text]) =>
          build({ path, method, parameters, given, type, body: text, name: operation.operationId }),
        );
    }),
  );
}

function recordOf(parameters: readonly Parameter[], known: Known, valueOf: (schema: Schema) => fc.Arbitrary<unknown>) {
  return Object.fromEntries(
    parameters.map(({ name, schema, in: place }) => {
      const existing = (known[name] ?? []).map((one) => fc.constant<unknown>(one));
      const wild =
        place === 'path'
          ? // No part of a path.
            fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text !== '.' && text !== '..')
          : place === 'header'
            ? fc.constant('x')
            : fc.string();
      const made = place === 'header' ? fc.constantFrom<unknown>('*', '"x"', 'key-1', 'key-2') : valueOf(schema);
      const choices = existing.length > 0 ? [{ weight: 6, arbitrary: fc.oneof(...existing) }] : [];
      return [name, fc.oneof(...choices, { weight: 3, arbitrary: made }, { weight: 1, arbitrary: wild })];
    }),
  );
}

const requiredOf = (parameters: readonly Parameter[]) =>
  parameters.filter(({ required, name }) => required || name === 'If-Match').map(({ name }) => name);

function bodies(
  type: string,
  schema: Schema,
  valueOf: (schema: Schema) => fc.Arbitrary<unknown>,
): fc.Arbitrary<string> {
  if (type !== 'application/json') return fc.string();
  const json = valueOf(schema).map((value) => JSON.stringify(value));
  return fc.oneof(
    { weight: 8, arbitrary: json },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string() },
  );
}

function build(one: {
  path: string;
  method: string;
  parameters: readonly Parameter[];
  given: Record<string, unknown>;
  type: string;
  body: string | undefined;
  name: string;
}): BuiltRequest {
  const text = (name: string) => String(one.given[name]);
  const path = one.path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(text(name)));
  const query = new URLSearchParams(
    one.parameters
      .filter(({ in: place, name }) => place === 'query' && name in one.given)
      .map(({ name }): [string, string] => [name, text(name)]),
  );
  const headers = Object.fromEntries(
    one.parameters
      .filter(({ in: place, name }) => place === 'header' && name in one.given)
      .map(({ name }): [string, string] => [name, text(name)]),
  );
  return {
    ...{ method: one.method.toUpperCase(), operation: one.name, body: one.body },
    path: query.size > 0 ? `${path}?${query.toString()}` : path,
    headers: { ...headers, ...(one.type && { 'content-type': one.type }) },
  };
}

/** Makes values of a JSON schema, as far as the document uses the language. */
function valuesOf(schema: Schema, schemas: Record<string, Schema>): fc.Arbitrary<unknown> {
  const of = (one: unknown) => valuesOf(one as Schema, schemas);
  if (typeof schema['$ref'] === 'string') return of(schemas[schema['$ref'].split('/').at(-1) ?? '']);
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]));
  if ('const' in schema) return fc.constant(schema['const']);
  if (Array.isArray(schema['anyOf'])) return fc.oneof(...(schema['anyOf'] as unknown[]).map(of));
  const { minimum = 0, maximum = 1_000, minLength = 0, maxLength = 60 } = schema as Record<string, number>;
  switch (schema['type']) {
    case 'string':
      return textsOf(schema, { minLength, maxLength: Math.min(maxLength, Math.max(minLength, 60)) });
    case 'integer':
      return fc.integer({ min: minimum, max: maximum });
    case 'number':
      return fc.double({ min: minimum, max: maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(of(schema['items'] ?? {}), { maxLength: 3 });
    case 'object': {
      const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>);
      const requiredKeys = (schema['required'] ?? []) as string[];
      return fc.record(Object.fromEntries(properties.map(([name, part]) => [name, of(part)])), { requiredKeys });
    }
    default:
      return fc.anything({ maxDepth: 1, maxKeys: 2 }).filter((value) => JSON.stringify(value) !== undefined);
  }
}

function textsOf(schema: Schema, length: { minLength: number; maxLength: number }): fc.Arbitrary<string> {
  const { format, pattern, description } = schema as Record<string, string | undefined>;
  if (format === 'date-time')
    return fc
      .date({ min: new Date('2025-01-01'), max: new Date('2027-06-01'), noInvalidDate: true })
      .map((at) => at.toISOString());
  if (format === 'date') return fc.constantFrom('2025-12-31', '2026-01-05', '2026-02-30');
  if (format === 'uuid') return fc.uuid();
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  if (/ada@example/.test(description ?? ''))
    return fc.oneof(fc.constantFrom('ada@example.org', 'reader3@example.org'), fc.emailAddress(), fc.string(length));
  if (/IANA/.test(description ?? '')) return fc.constantFrom('Europe/Lisbon', 'UTC', 'Mars/Olympus');
  return fc.oneof(fc.string({ ...length, unit: 'grapheme' }), fc.string(length));
}

/** Returns what tells whether an answer is as the document says of its operation and status; the problem, or ''. */
export function answerChecker(document: OpenApiDocument): (operation: string, status: number, body: string) => string {
  const { schemas } = document['components'] as { schemas: Record<string, Schema> };
  const $defs = JSON.parse(JSON.stringify(schemas).replaceAll('#/components/schemas/', '#/$defs/')) as Record<
    string,
    Schema
  >;
  const checks = new Map<string, z.ZodType>();
  for (const methods of Object.values(document.paths))
    for (const { operationId, responses } of Object.values(methods))
      for (const [status, response] of Object.entries(responses)) {
        const [content] = Object.values((response['content'] ?? {}) as Record<string, { schema: { $ref: string } }>);
        const name = content?.schema.$ref.split('/').at(-1) ?? '';
        checks.set(`${operationId} ${status}`, z.fromJSONSchema({ $defs, ...$defs[name] }));
      }
  return (operation, status, body) => {
    const check = checks.get(`${operation} ${status}`);
    if (!check) return `${status} is not in the document`;
    const parsed = check.safeParse(JSON.parse(body));
    return parsed.success ? '' : z.prettifyError(parsed.error);
  };
}
