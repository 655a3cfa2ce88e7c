import { Router, type Request, type RequestHandler, type Response } from 'express';
import { z } from 'zod';
import type { Context } from '../context.ts';
import type { KeptAnswer } from '../db/operator/api-answers.ts';
import type { ApiToken } from '../db/operator/api-tokens.ts';
import { storable } from '../http/parameters.ts';
import { readAside } from '../http/read-aside.ts';
import { takesLonger } from '../http/server.ts';
import type { Actor } from '../model/actor.ts';
import { seesAddresses } from '../model/scope.ts';
import { authorize } from './authorize.ts';
import { bytesOf, jsonIn, readFile, readJsonBody } from './body.ts';
import { checkBody, checkQuery } from './check.ts';
import { matches } from './etag.ts';
import { answeredOnce } from './keyed.ts';
import { answerOf, ApiProblem, missing, problemOf } from './problem.ts';
import type { Answer, Route } from './route.ts';

/** What has no parameters. */
const EMPTY = z.strictObject({});

/** Where the routes lie. */
export const BASE = '/api/v1';

/** Serves routes below BASE; whatever becomes of a request, the answer is JSON. */
export function serveRoutes(ctx: Context, routes: readonly Route[]): Router {
  const router = Router({ caseSensitive: true, strict: true });
  for (const one of routes) {
    const read = one.takesFile ? [takesLonger, readFile] : [readJsonBody];
    router[one.method](expressPath(one.path), admit(ctx, one), ...read, answerBy(ctx, one));
  }
  for (const [path, methods] of methodsByPath(routes)) router.all(path, otherMethod(methods));
  return router;
}

/** Writes a path as Express reads it. */
export function expressPath(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Lets a request with a good token pass, before anything of its body is read. */
function admit(ctx: Context, { scope }: Route): RequestHandler {
  return async (req, res, next) => {
    (res.locals as { token?: ApiToken }).token = await authorize(ctx, req, res, scope);
    next();
  };
}

function answerBy(ctx: Context, one: Route): RequestHandler {
  return async (req, res) => {
    const { token } = res.locals as { token: ApiToken };
    const run = async (): Promise<KeptAnswer> => {
      try {
        return written(ctx, req, await handled(ctx, req, one, token));
      } catch (error) {
        const problem = problemOf(error);
        if (problem.status >= 500) throw error;
        return answerOf(problem);
      }
    };
    const answer =
      one.method === 'post' ? await answeredOnce(ctx, token, req, run) : { ...(await run()), again: false };
    if (answer.again) res.set('Idempotency-Replayed', 'true');
    send(req, res, answer);
  };
}

/** A list, which has a cursor, may be read from a replica; whatever names one thing never is. */
function handled(ctx: Context, req: Request, one: Route, token: ApiToken): Promise<Answer> {
  const handle = (from: Context) => one.handle(callOf(from, req, one, token) as never);
  const isList = one.method === 'get' && 'cursor' in (one.query?.shape ?? {});
  return isList ? readAside(ctx, `token:${token.name}`, handle) : handle(ctx);
}

function callOf(ctx: Context, req: Request, one: Route, token: ApiToken) {
  const params = one.params?.safeParse(storableParts(req.params));
  if (params && !params.success) throw missing(`${one.resource} at this address`);
  const query = checkQuery(one.query ?? EMPTY, storableParts(req.query));
  const body = one.takesFile ? bytesOf(req) : one.body ? checkBody(one.body, jsonIn(req)) : noBody(req);
  return {
    ...{ ctx, by: `token:${token.name}` satisfies Actor, seesAddresses: seesAddresses(token.scopes) },
    ...{ params: params?.data ?? {}, query, body, ifMatch: req.get('if-match') ?? null },
  };
}

function noBody(req: Request): undefined {
  const value = jsonIn(req);
  if (value !== undefined && JSON.stringify(value) !== '{}') throw new ApiProblem(422, 'expected no body here');
  return undefined;
}

function storableParts(parts: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(parts).map(([name, value]) => [name, typeof value === 'string' ? storable(value) : value]),
  );
}

function written({ config }: Context, req: Request, { status, body, etag, location, next }: Answer): KeptAnswer {
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (etag !== undefined) headers['ETag'] = etag;
  if (location !== undefined) headers['Location'] = BASE + location;
  if (next) headers['Link'] = `<${nextUrl(config.PUBLIC_URL, req, next)}>; rel="next"`;
  return { status, headers, body: body === undefined ? '' : JSON.stringify(body) };
}

/** The address of a list, from another place on (RFC 8288). */
function nextUrl(publicUrl: string, req: Request, next: string): string {
  const url = new URL(req.originalUrl, publicUrl);
  url.searchParams.set('cursor', next);
  return url.href;
}

function send(req: Request, res: Response, { status, headers, body }: KeptAnswer): void {
  res.set(headers);
  const had = req.get('if-none-match');
  const etag = headers['ETag'];
  if (req.method === 'GET' && status === 200 && had !== undefined && etag !== undefined && matches(had, etag)) {
    res.status(304).end();
    return;
  }
  res.status(status);
  // As it is: Express would write a character set that JSON has none of.
  res.end(body);
}

function methodsByPath(routes: readonly Route[]): Map<string, string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const at = expressPath(path);
    methods.set(at, [...(methods.get(at) ?? []), method.toUpperCase()]);
  }
  return methods;
}

function otherMethod(methods: readonly string[]): RequestHandler {
  return (req) => {
    const allow = methods.join(', ');
    throw new ApiProblem(405, `${req.method} is not for here; expected ${allow}`, { headers: { Allow: allow } });
  };
}
