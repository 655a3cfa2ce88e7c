import { readFileSync } from 'node:fs';
import { dirname, isAbsolute, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json, templates/, seeds/ and prisma/. */
export const PACKAGE_ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The papers that come with Offprint, to be looked at before a source is set. */
export const SAMPLES = join(PACKAGE_ROOT, 'seeds', 'digests');

/** The folder that `.env` lies in, and that relative settings begin at. */
const HOME = homeOf(PACKAGE_ROOT, process.cwd());

/**
 * Returns the folder that is the operator's: a checkout is their own; a package in node_modules is npm's, may be read
 * only and goes with the next install, so that the folder in which they work is theirs.
 */
export function homeOf(packageRoot: string, workingFolder: string): string {
  return packageRoot.split(sep).includes('node_modules') ? workingFolder : packageRoot;
}

/** Reads the package's version, for --version and the User-Agent. */
export function packageVersion(): string {
  return (JSON.parse(readFileSync(join(PACKAGE_ROOT, 'package.json'), 'utf8')) as { version: string }).version;
}

/** Reads a path as the settings give it: relative ones begin at the operator's folder. */
export function fromHome(path: string): string {
  return isAbsolute(path) ? path : resolve(HOME, path);
}
