import type { z } from 'zod';
import type { Context } from '../context.ts';
import type { Actor } from '../model/actor.ts';
import type { Scope } from '../model/scope.ts';

/** An object of named parts. */
export type Parts = z.ZodObject;

/** What a route answers with a status. */
export interface AnswerSpec {
  says: string;
  /** Named in `schemas/named.ts`; none where there is no body. */
  schema?: z.ZodType;
}

/** A request, checked. */
export interface Call<P, Q, B> {
  ctx: Context;
  by: Actor;
  /** Whether the token may see addresses in full. */
  seesAddresses: boolean;
  params: P;
  query: Q;
  body: B;
  /** What If-Match names; null where it is missing. */
  ifMatch: string | null;
}

/** What a route answers. */
export interface Answer {
  status: number;
  body?: unknown;
  /** Names this version of what is told (RFC 9110 8.8.3). */
  etag?: string;
  /** Where what was made, or the job that makes it, is found; a path below /api/v1. */
  location?: string;
  /** Where the list goes on. */
  next?: string | null;
}

interface Shared {
  method: 'get' | 'post' | 'patch' | 'delete';
  /** Below /api/v1, with its parameters in braces. */
  path: string;
  /** The resource it belongs to. */
  resource: string;
  /** One sentence, as the documentation says it. */
  does: string;
  /** More of it, where there is more to know. */
  more?: string;
  scope: Scope;
  /** Takes any bytes as its body. */
  takesFile?: boolean;
  /** Changes only the version that If-Match names. */
  needsMatch?: boolean;
  answers: Record<number, AnswerSpec>;
  /** What curl sends in the documentation's example. */
  example?: object;
  /** What stands in that example's address, where it is not as everywhere: by name, of its path and behind it. */
  exampleAt?: Readonly<Record<string, string>>;
}

/** One route: router, document, documentation and the test of who may do what are made from it. */
export interface RouteOf<P extends Parts, Q extends Parts, B extends z.ZodType> extends Shared {
  params?: P;
  query?: Q;
  body?: B;
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer>;
}

/** A route, whatever it takes. */
export interface Route extends Shared {
  params?: Parts;
  query?: Parts;
  body?: z.ZodType;
  handle: (call: Call<never, never, never>) => Promise<Answer>;
}

type Nothing = z.ZodObject<Record<string, never>>;

/** Declares a route; what its handler gets is typed by its schemas. */
export function route<P extends Parts = Nothing, Q extends Parts = Nothing, B extends z.ZodType = z.ZodUndefined>(
  one: RouteOf<P, Q, B>,
): Route {
  return one;
}
