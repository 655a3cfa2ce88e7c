import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../package.ts';
import { linkAcronyms, readEquivalents, type Equivalents } from './equivalents.ts';

/** Reads the acronyms and twins that come with the program. */
export function readOwnEquivalents(): Equivalents {
  return linkAcronyms(
    Object.entries(readSeed('acronyms.json') as Record<string, string>),
    readEquivalents(readSeed('equivalents.json')),
  );
}

/** Reads a file of seeds/ as it stands: a test has checked them. */
export function readSeed(name: string): unknown {
  return JSON.parse(readFileSync(join(PACKAGE_ROOT, 'seeds', name), 'utf8'));
}
