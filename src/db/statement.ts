import { poolUnder, type Tx } from './client.ts';
import type { Columns, Row } from './columns.ts';
import { asked } from './past-prisma.ts';
import { planOnce } from './planned-once.ts';

// The helper for statements over sets, and for what else the model API cannot say in one statement: see README.md. In a
// transaction they go by way of Prisma, whose session it is; else straight to the pool, which costs a third.

/** A piece of a statement: text of ours, with places for values. */
export interface Sql {
  parts: readonly (string | Value)[];
}

/** A place for a value: one that is given with each call, by name, or one that is always the same. */
interface Value {
  given?: string;
  constant?: unknown;
}

/** What tests know of a statement. `columns` is null for one that only says how many rows it changed. */
export interface Definition {
  name: string;
  columns: Columns | null;
  text: () => string;
}

/** How often the server plans a statement of transactions; once a session only what has one good plan for all. */
export type Planned = 'each time' | 'once a session';

/** Runs a query with its values and returns its rows. */
export type Query<Given, C extends Columns> = (db: Tx, values: Given) => Promise<Row<C>[]>;

/** Runs a command with its values and returns how many rows it changed. */
export type Command<Given> = (db: Tx, values: Given) => Promise<number>;

/** Marks what stands for a value. */
const PLACE = Symbol('place');

const definitions = new Map<string, Definition>();

/** Returns every statement defined by the files that are loaded. */
export function definedStatements(): Definition[] {
  return [...definitions.values()];
}

/** Takes a statement's name; each names one. */
export function define(definition: Definition): void {
  if (definitions.has(definition.name)) throw new Error(`two statements are called «${definition.name}»`);
  definitions.set(definition.name, definition);
}

/**
 * Defines a statement that returns rows with these columns. `build` is called once, with places instead of values,
 * whatever is given later: no value can become text of the statement, and which parts it has cannot depend on one.
 */
export function query<Given, const C extends Columns>(
  name: string,
  columns: C,
  build: (given: Given) => Sql,
  planned: Planned = 'each time',
): Query<Given, C> {
  const compiled = compileOnce(name, build, planned);
  define({ name, columns, text: () => compiled().text });
  return async (db, values) => {
    const { text, values: places } = compiled();
    return rowsOf(db, text, valuesOf(places, values));
  };
}

/** Asks for rows where the caller is, be it in a transaction. */
export async function rowsOf<R extends object>(db: Tx, text: string, values: readonly unknown[]): Promise<R[]> {
  const pool = poolUnder(db);
  return pool ? (await pool.query<R>(asked(text, values))).rows : db.$queryRawUnsafe(text, ...values);
}

/** Defines a statement of which only the number of changed rows is asked. */
export function command<Given>(
  name: string,
  build: (given: Given) => Sql,
  planned: Planned = 'each time',
): Command<Given> {
  const compiled = compileOnce(name, build, planned);
  define({ name, columns: null, text: () => compiled().text });
  return async (db, values) => {
    const { text, values: places } = compiled();
    const all = valuesOf(places, values);
    const pool = poolUnder(db);
    return pool ? ((await pool.query(asked(text, all))).rowCount ?? 0) : db.$executeRawUnsafe(text, ...all);
  };
}

/** Writes SQL: whatever stands in `${…}` is a value, unless it is a piece of SQL itself. */
export function sql(strings: TemplateStringsArray, ...inserted: unknown[]): Sql {
  const parts = strings.flatMap((string, at) => (at < inserted.length ? [string, ...partsOf(inserted[at])] : [string]));
  return { parts };
}

/**
 * Takes text of the program's own as a piece of SQL: the name of a table or column, or a condition that several
 * statements share.
 */
export function raw(own: string): Sql {
  return { parts: [''.concat(own)] }; // what stands for a value throws here
}

function partsOf(inserted: unknown): readonly (string | Value)[] {
  if (typeof inserted !== 'object' || inserted === null) return [{ constant: inserted }];
  if (PLACE in inserted) return [{ given: (inserted as Place)[PLACE] }];
  if ('parts' in inserted) return (inserted as Sql).parts;
  return [{ constant: inserted }];
}

interface Compiled {
  text: string;
  values: readonly Value[];
}

/** What stands for a value while a statement is built. */
interface Place {
  [PLACE]: string;
  toString: () => string;
}

function placeFor(name: string, statement: string): Place {
  const toString = () => {
    throw new Error(`statement «${statement}»: the value ${name} may not become text`);
  };
  return { [PLACE]: name, toString };
}

function placesFor(statement: string): unknown {
  return new Proxy({}, { get: (_, name) => placeFor(String(name), statement) });
}

function compileOnce(name: string, build: (given: never) => Sql, planned: Planned): () => Compiled {
  let compiled: Compiled | null = null;
  return () => {
    if (compiled) return compiled;
    compiled = compile(build(placesFor(name) as never));
    if (planned === 'once a session') planOnce(compiled.text, name);
    return compiled;
  };
}

function compile({ parts }: Sql): Compiled {
  const values: Value[] = [];
  const text = parts.map((part) => (typeof part === 'string' ? part : `$${values.push(part)}`)).join('');
  return { text, values };
}

function valuesOf(places: readonly Value[], given: unknown): unknown[] {
  const named = given as Record<string, unknown>;
  return places.map((place) => (place.given === undefined ? place.constant : named[place.given]));
}
