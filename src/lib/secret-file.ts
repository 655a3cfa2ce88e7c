import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Reads a secret from a file only its owner can read, making it once; two processes that start at once agree on the
 * first.
 */
export function secretFromFile(file: string): string {
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  for (let tries = 0; tries < 1_000; tries++) {
    const secret = readFileSync(file, 'utf8').trim();
    if (secret) return secret; // empty for the instant between its making and its writing
  }
  throw new Error(`${file} is empty: it held the secret that opens the keys in the database`);
}

/** Reads the secret that such a file holds; undefined where there is none. */
export function keptSecret(file: string): string | undefined {
  return existsSync(file) ? secretFromFile(file) : undefined;
}
