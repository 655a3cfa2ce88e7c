import { z } from 'zod';

/** What programs send, by the name the document has for it. */
export const requestSchemas = z.registry<{ id: string }>();

/** What programs are answered, by the name the document has for it. */
export const answerSchemas = z.registry<{ id: string }>();

/** Names what a program sends. */
export function request<T extends z.ZodType>(id: string, schema: T): T {
  requestSchemas.add(schema, { id });
  return schema;
}

/** Names what a program is answered. */
export function answer<T extends z.ZodType>(id: string, schema: T): T {
  answerSchemas.add(schema, { id });
  return schema;
}

/** Makes the schema of a page of a list, and names it. */
export function pageOf<T extends z.ZodType>(id: string, item: T) {
  const next = z
    .string()
    .nullable()
    .describe('Cursor of the next page; null at the end. The Link header holds its address.');
  return answer(id, z.object({ items: z.array(item), next }));
}
