import type { z } from 'zod';
import { ApiProblem, type PartProblem } from './problem.ts';

/** Problems told at once. */
export const TOLD = 20;

/** Checks the body of a request; what is wrong is named by JSON pointers. */
export function checkBody(schema: z.ZodType, value: unknown): unknown {
  return check(schema, value ?? {}, 'The body cannot be used', (path) => ({ pointer: pointerTo(path) }));
}

/** Checks the parameters of an address. */
export function checkQuery(schema: z.ZodType, value: unknown): unknown {
  return check(schema, value, 'The parameters cannot be used', ([name = '']) => ({ parameter: String(name) }));
}

/** Writes a JSON pointer into a body as a fragment (RFC 6901 6): `#/interests/2/text`. */
export function pointerTo(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => `/${encodeURI(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))}`);
  return `#${parts.join('')}`;
}

function check(
  schema: z.ZodType,
  value: unknown,
  detail: string,
  place: (path: readonly PropertyKey[]) => Partial<PartProblem>,
): unknown {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? issue.keys.map((key) => ({ detail: 'there is no such part', ...place([...issue.path, key]) }))
      : [{ detail: issue.message, ...place(issue.path) }],
  );
  throw new ApiProblem(422, detail, { errors: errors.slice(0, TOLD) });
}
