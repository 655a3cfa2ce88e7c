import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PACKAGE_ROOT } from '../../src/config.ts';

/**
 * Returns the path of real data that lies beside the repository and is no part of it; null, said aloud, where it is
 * missing.
 */
export function sharedPath(...parts: string[]): string | null {
  const path = join(resolve(PACKAGE_ROOT, '..', 'shared'), ...parts);
  if (existsSync(path)) return path;
  process.stderr.write(`\nSKIPPED, real data not here: ${join(...parts)}\n`);
  return null;
}
