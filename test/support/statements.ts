import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PACKAGE_ROOT } from '../../src/config.ts';
import type { Columns } from '../../src/db/columns.ts';
import { definedStatements, type Definition } from '../../src/db/statement.ts';
import type { DescribedColumn } from './describe-statement.ts';

/** What the names of statements that a test defines for itself begin with: a worker's files share their modules. */
export const OF_A_TEST = 'test: ';

/** Loads every file of src/db and returns the statements that they define. */
export async function allStatements(): Promise<Definition[]> {
  const root = join(PACKAGE_ROOT, 'src', 'db');
  const names = (await readdir(root, { recursive: true })).sort();
  for (const name of names) {
    if (name.endsWith('.ts') && !name.startsWith('generated')) await import(pathToFileURL(join(root, name)).href);
  }
  return definedStatements().filter(({ name }) => !name.startsWith(OF_A_TEST));
}

/** Says in what a statement's rows are not what they are read as; empty where they are. */
export function differences(columns: Columns, described: readonly DescribedColumn[]): string[] {
  const real = new Map(described.map((column) => [column.name, column]));
  const missing = Object.keys(columns).filter((name) => !real.has(name));
  return [
    ...missing.map((name) => `${name} is read and not selected`),
    ...(real.size < described.length ? ['two columns bear one name'] : []),
    ...described.flatMap(({ name, type, nullable }) => {
      const column = columns[name];
      if (!column) return [`${name} is selected and not read`];
      if (column.type !== type) return [`${name} is read as ${column.type} and is ${type}`];
      if (nullable && !column.nullable && !column.filled) return [`${name} may be NULL`];
      return [];
    }),
  ];
}
