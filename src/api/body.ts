import express, { type Request, type RequestHandler } from 'express';
import { storable } from '../http/parameters.ts';
import { MAX_PASTE_BYTES } from '../model/example.ts';
import { ApiProblem } from './problem.ts';

/** Longest JSON that is read: what may be pasted as examples, and the rest of a request. */
const JSON_LIMIT = MAX_PASTE_BYTES + 64 * 1024;
/** Longest file. */
const FILE_LIMIT = 20 * 1024 * 1024;

/** Reads the body of a request with JSON. */
export const readJsonBody: RequestHandler = express.raw({ type: () => true, limit: JSON_LIMIT });

/** Reads the body of a request with a file. */
export const readFile: RequestHandler = express.raw({ type: () => true, limit: FILE_LIMIT });

/** Returns the bytes of a request. */
export function bytesOf(req: Request): Buffer {
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}

/** Parses the JSON of a request; undefined where it has no body. */
export function jsonIn(req: Request): unknown {
  const bytes = bytesOf(req);
  if (bytes.length === 0) return undefined;
  if (!req.is(['json', '+json'])) throw new ApiProblem(415, 'expected a body with Content-Type: application/json');
  try {
    return JSON.parse(bytes.toString('utf8'), (_, value: unknown) =>
      typeof value === 'string' ? storable(value) : value,
    );
  } catch {
    throw new ApiProblem(400, 'The body is not JSON');
  }
}
