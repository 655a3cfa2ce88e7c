/**
 * A column of a statement's rows: its type in PostgreSQL, and T, what its values are in JavaScript.
 * test/db/statements.db.test.ts asks the database whether the type is true, and test/db/columns.db.test.ts whether T
 * is.
 */
export interface Column<T> {
  /** As PostgreSQL writes it. */
  type: string;
  nullable: boolean;
  /** The table allows NULL there, but the statement leaves such rows out. */
  filled: boolean;
  /** For the compiler alone: carries T. */
  value?: T;
}

/** The columns of a statement's rows, by name. */
export type Columns = Record<string, Column<unknown>>;

/** A row with these columns. */
export type Row<C extends Columns> = { [Name in keyof C]: C[Name] extends Column<infer T> ? T : never };

/** A row that came over as JSON: instants and days as text, big numbers as numbers. */
export type InJson<R> = { [Name in keyof R]: JsonValue<R[Name]> };

type JsonValue<T> = T extends Date ? string : T extends bigint ? number : T;

const column = <T>(type: string): Column<T> => ({ type, nullable: false, filled: false });

/**
 * Prisma's schema cannot say NOT NULL of a list, and neither does the table; Prisma writes an empty one instead, and so
 * do our statements.
 */
const list = <T>(type: string): Column<T[]> => ({ type, nullable: false, filled: true });

/** A small number: an hour, a priority. */
export const int2 = column<number>('smallint');
/** A number. */
export const int4 = column<number>('integer');
/** A number of any size, a bigint in JavaScript; what count(*) is too. */
export const int8 = column<bigint>('bigint');
/** A fraction. */
export const float8 = column<number>('double precision');
/** True or false. */
export const bool = column<boolean>('boolean');
/** A text. */
export const text = column<string>('text');
/** A list of texts. */
export const texts = list<string>('text[]');
/** A list of numbers. */
export const ints = list<number>('integer[]');
/** An id made at random, or by time; a string in JavaScript. */
export const uuid = column<string>('uuid');
/** Bytes. */
export const bytea = column<Uint8Array>('bytea');
/** A moment; in JavaScript a Date. */
export const instant = column<Date>('timestamp with time zone');
/**
 * A day; only for rows that come over as JSON, since Prisma and the driver make different Dates of it. Else `::text`.
 */
export const day = column<Date>('date');
/** JSON as it was stored; who reads it knows, or checks, its shape. */
export const jsonb = column<unknown>('jsonb');

/** A text of which the statement knows more than its type says. */
export const textOf = <T extends string>() => column<T>('text');

/** An enum, by its name in the database. */
export const enumOf = <T extends string>(name: string) => column<T>(name);

/** JSON that the statement makes, of a known shape. */
export const jsonOf = <T>() => column<T>('json');

/** May be NULL. */
export const orNull = <T>(one: Column<T>): Column<T | null> => ({ ...one, nullable: true });

/** Is never NULL, because the statement asks so; the table alone would allow it. */
export const filled = <T>(one: Column<T>): Column<T> => ({ ...one, filled: true });
