import { createHash } from 'node:crypto';
import { ApiProblem } from './problem.ts';

/** Names a version of what is told, by its whole content. */
export function etagOf(view: unknown): string {
  return `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22)}"`;
}

/** Tells whether a header names a version: `*`, or a list of which one is it (RFC 9110 13.1.1); weak ones never are. */
export function matches(header: string, etag: string): boolean {
  return header.trim() === '*' || header.split(',').some((one) => one.trim() === etag);
}

/** Throws 428 where a request does not say which version it changes. */
export function requireMatch(ifMatch: string | null): asserts ifMatch is string {
  if (ifMatch === null)
    throw new ApiProblem(428, 'expected If-Match with the ETag that GET gave, so that no change of others is lost');
}

/** Says that what is to be changed has changed meanwhile. */
export function changedMeanwhile(): ApiProblem {
  return new ApiProblem(412, 'It has changed since; expected If-Match with the ETag that GET gives now');
}
