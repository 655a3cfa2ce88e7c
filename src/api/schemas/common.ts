import { z } from 'zod';
import { isDate } from '../../lib/time.ts';
import { isEdition } from '../../model/edition.ts';
import { answer } from './named.ts';

/** Most rows of one page, and how many there are where nothing is said. */
export const MAX_LIMIT = 200;
const LIMIT = 50;

/** A moment in UTC. */
export const instant = z.iso.datetime().describe('A moment, UTC (RFC 3339)');

/** A day without a zone. */
export const day = z.iso.date().describe('A day, YYYY-MM-DD');

/** An address as a token may see it. */
export const address = z.string().describe('In full for tokens with addresses:read, else masked: a…@example.org');

/** A day in an address or a body, one that the calendar has. */
export const dayGiven = z.string().refine(isDate, 'expected a day, YYYY-MM-DD').meta({ format: 'date' });

/** An edition's key, of a day or a week that the calendar has. */
export const editionKeyText = z
  .string()
  .refine(isEdition, 'expected an edition such as daily:2025-12-31')
  .meta({ pattern: String.raw`^(daily:\d{4}-\d{2}-\d{2}|weekly:\d{4}-W\d{2}|welcome:\d+)$` });

/** The parameters that every list has. */
export const paging = {
  limit: z.coerce
    .number({ error: `expected a whole number from 1 to ${MAX_LIMIT}` })
    .int(`expected a whole number from 1 to ${MAX_LIMIT}`)
    .min(1, `expected a whole number from 1 to ${MAX_LIMIT}`)
    .max(MAX_LIMIT, `expected a whole number from 1 to ${MAX_LIMIT}`)
    .default(LIMIT)
    .describe('Rows of a page'),
  cursor: z.string().max(2_000).optional().describe('`next` of the page before'),
};

/** A list without filters. */
export const plainList = z.strictObject(paging);

/** Adds filters to a list. */
export function listBy<T extends z.core.$ZodLooseShape>(filters: T) {
  return z.strictObject({ ...filters, ...paging });
}

/** Returns the check that refuses a list where both of two parameters are given: one of them would be lost. */
export function oneOf(
  name: string,
  other: string,
): [isOne: (given: object) => boolean, told: { path: string[]; error: string }] {
  const says = (given: object, one: string) => (given as Record<string, unknown>)[one] !== undefined;
  return [
    (given) => !says(given, name) || !says(given, other),
    { path: [name], error: `expected ${name} or ${other}, not both` },
  ];
}

// A problem, as every refusal is told (RFC 9457): named for the document, which alone speaks of it.
answer(
  'Problem',
  z.object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    error: z.string().describe('The title once more'),
    detail: z.string().optional(),
    errors: z
      .array(
        z.object({
          detail: z.string(),
          pointer: z.string().optional().describe('Which part of the body (RFC 6901)'),
          parameter: z.string().optional().describe('Which parameter'),
        }),
      )
      .optional(),
  }),
);

/** Writes a moment; null where there is none. */
export function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null;
}
