import { join } from 'node:path';
import type { Config } from './config.ts';
import type { Wrapping } from './db/keys.ts';
import { keptSecret, secretFromFile } from './lib/secret-file.ts';

/**
 * Returns what wraps the keys: SECRET, or for the embedded database a file beside it, since every process that shares
 * the database shares the folder. Elsewhere the keys stay bare.
 */
export function secretOf(config: Config): string | undefined {
  if (config.SECRET !== undefined || config.DATABASE_URL !== undefined) return config.SECRET;
  return secretFromFile(fileOf(config));
}

/** Returns what may have wrapped the keys until now: SECRET_PREVIOUS, and the file where SECRET has been set since. */
export function previousSecretsOf(config: Config): string[] {
  const { SECRET, SECRET_PREVIOUS, DATABASE_URL } = config;
  const kept = SECRET !== undefined && DATABASE_URL === undefined ? keptSecret(fileOf(config)) : undefined;
  return [SECRET_PREVIOUS, kept].filter((secret) => secret !== undefined);
}

/** Returns all that opens the keys: what wraps them, and what may have until now. */
export function wrappingOf(config: Config): Wrapping {
  return { secret: secretOf(config), previous: previousSecretsOf(config) };
}

function fileOf(config: Config): string {
  return join(config.DATA_DIR, 'secret');
}
