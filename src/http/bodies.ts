import express, { type Request, type RequestHandler } from 'express';
import { AppError } from '../lib/errors.ts';
import { MAX_PASTE_BYTES } from '../model/example.ts';
import { storable } from './parameters.ts';

/** Longest body of a form or of JSON that is read, in bytes. */
const LIMIT = 64 * 1024;
/** The same where papers may be pasted as examples: what a form wraps around them included. */
const LONG_LIMIT = MAX_PASTE_BYTES + 2 * LIMIT;
/** The same where an admin hands in a file: what is read of one at most, 20 MB, and what the form wraps around it. */
const FILE_LIMIT = 20 * 1024 * 1024 + LIMIT;
/** The fields that may be long: papers as examples, and a mail that an operator asks about. */
const LONG_FIELDS: readonly string[] = ['like', 'mail'];
/** Every topic and a hundred wishes are fewer. */
const MAX_FIELDS = 1_000;

/** Reads any body up to the limit as text; `fieldsOf` and `jsonOf` take it apart where a route wants it. */
export const readBody: RequestHandler = express.raw({ type: () => true, limit: LIMIT });

/** The same where the form has a field that may be long; all its other fields stay within the usual limit. */
export const readLongBody: RequestHandler = express.raw({ type: () => true, limit: LONG_LIMIT });

/** The same where an admin hands in a file. */
export const readFileBody: RequestHandler = express.raw({ type: 'multipart/form-data', limit: FILE_LIMIT });

/** What stands beside the long field is longer than any form here. */
class TooLong extends Error {
  readonly status = 413;
}

/** The fields of a form: every value in order. */
export type Fields = Map<string, string[]>;

/** Forms taken apart already: a guard and the page behind it ask for the same. */
const taken = new WeakMap<Request, Promise<Fields>>();

/**
 * Takes a form apart, once: urlencoded, multipart (text fields only), or none of both: no fields. Throws bad-input
 * where it is malformed.
 */
export function fieldsOf(req: Request): Promise<Fields> {
  const known = taken.get(req);
  if (known) return known;
  const fields = takeApart(req);
  taken.set(req, fields);
  return fields;
}

/** Keeps the fields of a form that was taken apart while it came. */
export function keepFields(req: Request, fields: Fields): void {
  taken.set(req, Promise.resolve(fields));
}

/** Returns a field of the request's form, trimmed; '' where there is none. */
export async function fieldOf(req: Request, name: string): Promise<string> {
  return first(await fieldsOf(req), name);
}

async function takeApart(req: Request): Promise<Fields> {
  const body = bodyOf(req);
  const fields: Fields = new Map();
  let count = 0;
  let length = 0;
  const add = (name: string, value: string) => {
    if (++count > MAX_FIELDS)
      throw new AppError('bad-input', `More than ${MAX_FIELDS} fields: no form here has so many`, {
        said: { name: 'form.many', values: { most: MAX_FIELDS } },
      });
    if (!LONG_FIELDS.includes(name) && (length += value.length) > LIMIT) throw new TooLong();
    const values = fields.get(name);
    if (values) values.push(value);
    else fields.set(name, [value]);
  };
  if (req.is('multipart/form-data')) {
    for (const [name, value] of await multipart(req, body)) if (typeof value === 'string') add(name, value);
  } else if (req.is('urlencoded')) {
    for (const [name, value] of new URLSearchParams(body.toString('utf8'))) add(name, value);
  }
  return fields;
}

/** Returns the file in a field of a multipart form; null where there is none. */
export async function fileOf(req: Request, name: string): Promise<{ name: string; bytes: Uint8Array } | null> {
  const value = req.is('multipart/form-data') ? (await multipart(req, bodyOf(req))).get(name) : null;
  if (value === null || typeof value === 'string' || value.size === 0) return null;
  return { name: storable(value.name), bytes: new Uint8Array(await value.arrayBuffer()) };
}

/** Parses a JSON body into an object; throws bad-input where it is anything else. */
export function jsonOf(req: Request): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(bodyOf(req).toString('utf8'), (_, value: unknown) =>
      typeof value === 'string' ? storable(value) : value,
    );
  } catch (cause) {
    throw new AppError('bad-input', 'The body is not JSON: expected an object such as {"email":"ada@example.org"}', {
      cause,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new AppError('bad-input', 'The body is JSON, but not an object: expected {"email":"ada@example.org"}');
  }
  const others = { ...parsed, ...Object.fromEntries(LONG_FIELDS.map((name) => [name, undefined])) };
  if (bodyOf(req).length > LIMIT && JSON.stringify(others).length > LIMIT) throw new TooLong();
  return parsed as Record<string, unknown>;
}

/** Reads what stands in the address of a request as the fields of a form. */
export function fieldsOfQuery(req: Request): Fields {
  return new Map(
    Object.entries(req.query).map(([name, value]) => [name, [value].flat().filter((text) => typeof text === 'string')]),
  );
}

/** Returns a field's first value, trimmed; '' where there is none. */
export function first(fields: Fields, name: string): string {
  return fields.get(name)?.[0]?.trim() ?? '';
}

/** Returns the body's text, whatever type it claims to be of. */
export function textOf(req: Request): string {
  return bodyOf(req).toString('utf8');
}

function bodyOf(req: Request): Buffer {
  return Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0);
}

/** The platform's own parser (fetch standard); it wants the whole body, which the limit keeps small. */
async function multipart(req: Request, body: Buffer): Promise<FormData> {
  try {
    const type = req.get('content-type') ?? '';
    // Its advice is meant for bodies of any length; these have 64 kB at most, those of admins 20 MB.
    // oxlint-disable-next-line typescript/no-deprecated
    return await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  } catch (cause) {
    const said = { name: 'form.malformed' };
    throw new AppError('bad-input', 'The form is malformed: expected multipart/form-data with its boundary', {
      cause,
      said,
    });
  }
}
