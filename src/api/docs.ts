import { Router } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import { openTemplates, type Frame } from '../http/templates.ts';
import { translator } from '../lib/strings.ts';
import { SCOPES } from '../model/scope.ts';
import { describeApi, operationId, type Json, type Operation } from './openapi.ts';
import { BASE } from './router.ts';
import type { Route } from './route.ts';

/** The document's own language. */
const LANGUAGE = 'en';

/** One parameter or part of a body, as the page shows it. */
interface PartView {
  name: string;
  place: string;
  type: string;
  required: boolean;
  description: string;
}

/** Serves the documentation: the document, rendered here, without a script. */
export function docsRoutes(ctx: Context, routes: readonly Route[]): Router {
  const router = Router();
  const render = openTemplates<Frame>('api');
  const title = translator(LANGUAGE)('api.title');
  let page: string | undefined;
  router.get('/docs', (_req, res) => {
    const { MAIL_FROM, PUBLIC_URL } = ctx.config;
    page ??= render('docs', docsView(routes, PUBLIC_URL), {
      ...{ language: LANGUAGE, title, siteName: MAIL_FROM.name, homeUrl: '/', look: 'api' },
      ...{ styles: ['offprint.css', 'api.css'], script: '' },
    });
    res.type('html').set('Content-Language', LANGUAGE).send(page);
  });
  return router;
}

function docsView(routes: readonly Route[], publicUrl: string) {
  const document = describeApi(routes, publicUrl);
  const base = `${publicUrl}${BASE}`;
  const resources = [...new Set(routes.map(({ resource }) => resource))].map((name) => ({
    name,
    operations: routes
      .filter(({ resource }) => resource === name)
      .map((one) => operationView(one, document.paths[one.path]?.[one.method], base)),
  }));
  const scopes = Object.entries(SCOPES).map(([name, lets]) => ({ name, lets }));
  return { base, resources, scopes, firstCall: `curl -H "Authorization: Bearer $TOKEN" ${base}/topics` };
}

function operationView(one: Route, operation: Operation | undefined, base: string) {
  const { method, path, does, more = '', scope, answers } = one;
  const given = (operation?.parameters ?? []).map(parameterView);
  return {
    ...{ id: operationId(one), method: method.toUpperCase(), path, does, more, scope },
    parts: [...given, ...bodyParts(one)],
    answers: Object.entries(answers).map(([status, { says }]) => ({ status, says })),
    curl: curlOf(one, base),
  };
}

function parameterView(parameter: Json): PartView {
  const { name, in: place, required, description = '', schema } = parameter as Json & { schema: Json };
  return { ...{ name, place, required, description, type: typeOf(schema) } } as PartView;
}

function bodyParts({ body, takesFile }: Route): PartView[] {
  if (takesFile) return [{ name: '', place: 'body', type: 'bytes', required: true, description: 'The file' }];
  if (!body) return [];
  const { properties = {}, required = [] } = z.toJSONSchema(body, { io: 'input' }) as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, schema]) => ({
    ...{ name, place: 'body', type: typeOf(schema), required: required.includes(name) },
    description: (schema['description'] as string | undefined) ?? '',
  }));
}

/** Names a type in a few words. */
function typeOf(schema: Json): string {
  if (Array.isArray(schema['enum'])) return (schema['enum'] as unknown[]).map(String).join(' | ');
  if (schema['type'] === 'array') return `${typeOf((schema['items'] ?? {}) as Json)}[]`;
  const { type = 'any', format, minimum, maximum } = schema;
  const range =
    typeof minimum === 'number' && typeof maximum === 'number' && maximum < 1e9 ? ` ${minimum}–${maximum}` : '';
  return String(format ?? type) + range;
}

function curlOf(one: Route, base: string): string {
  const { method, path, body, takesFile, example, needsMatch } = one;
  const { params, query } = exampleAddress(one);
  const at = path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? name);
  const behind = new URLSearchParams(query).toString();
  const lines = [
    `curl${method === 'get' ? '' : ` -X ${method.toUpperCase()}`} -H "Authorization: Bearer $TOKEN"`,
    ...(needsMatch ? [`-H 'If-Match: "…"'`] : []),
    ...(body ? [`-H 'Content-Type: application/json'`, `-d '${JSON.stringify(example ?? {})}'`] : []),
    ...(takesFile ? ['--data-binary @digest.json'] : []),
    `'${base}${at}${behind && `?${behind}`}'`,
  ];
  return lines.join(' \\\n  ');
}

/** What stands in the addresses of examples, where a route says nothing else. */
const EXAMPLES: Record<string, string> = {
  id: 'b8k2m4n6p8q0r2s4t6v8',
  key: 'daily:2025-12-31',
  name: 'ingest',
  slug: 'robotics',
};

/** Returns what stands in the address of a route's example: in its path, and behind it. */
export function exampleAddress({
  path,
  query,
  exampleAt = {},
}: Route): Record<'params' | 'query', Record<string, string>> {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const params = inPath.map((name) => [name, exampleAt[name] ?? EXAMPLES[name] ?? name] as const);
  const behind = Object.entries(exampleAt).filter(([name]) => !inPath.includes(name));
  const limit = query && 'limit' in query.shape ? { limit: '100' } : {};
  return { params: Object.fromEntries(params), query: { ...Object.fromEntries(behind), ...limit } };
}
