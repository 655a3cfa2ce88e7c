import { readFileSync } from 'node:fs';
import { fromHome } from './package.ts';

/** Variables as the environment or a file holds them. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** A value that somebody set, and where. */
export interface Given {
  value: string;
  from: 'environment' | '.env' | 'file';
  /** The file that NAME_FILE names. */
  file?: string;
}

/** What opens something, or holds what does, by its name: a secret, or an address in which one may stand. */
const SECRET = /(SECRET|SECRET_PREVIOUS|KEY|TOKEN|LOGIN|_URLS?|^HTTPS?_PROXY)$|^SOURCES$/;

/**
 * Tells whether a setting opens something, or holds what does. Each of these may lie in a file instead, named by
 * NAME_FILE, so that it is in no environment, which children and crash reports carry on.
 */
export function isSecret(name: string): boolean {
  return SECRET.test(name) && name !== 'PUBLIC_URL';
}

/** Settings that other programs also write in small letters. */
const PROXIES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'];

/** Returns the name of the setting that says in which file another lies. */
export function fileSettingOf(name: string): string {
  return `${name}_FILE`;
}

/**
 * Gathers what is set for some names: the environment wins over `.env`, and a secret may lie in a file. Returns with
 * it, in words and without values, what cannot be: a secret in two places, a file that cannot be read or is empty.
 */
export function gatherSettings(
  names: readonly string[],
  environment: Variables,
  envFile: Variables,
): { given: Map<string, Given>; problems: string[] } {
  const given = new Map<string, Given>();
  const problems: string[] = [];
  for (const name of names) {
    const found = lookUp(name, environment, envFile);
    if (found) given.set(name, found);
  }
  for (const name of names.filter(isSecret)) {
    const path = lookUp(fileSettingOf(name), environment, envFile)?.value;
    if (path === undefined) continue;
    const read = given.has(name) ? `${name} is set as well; expected one of the two` : readSecret(fromHome(path));
    if (typeof read === 'string') problems.push(`${fileSettingOf(name)}: ${read}`);
    else given.set(name, { ...read, from: 'file', file: fromHome(path) });
  }
  return { given, problems };
}

function lookUp(name: string, environment: Variables, envFile: Variables): Given | undefined {
  const small = PROXIES.includes(name) ? environment[name.toLowerCase()] : undefined;
  const [own, written] = [environment[name], envFile[name]];
  // Node puts what `.env` holds into the environment too: the same value there is no second one.
  if (own && own !== written) return { value: own, from: 'environment' };
  if (written) return { value: written, from: '.env' };
  return small ? { value: small, from: 'environment' } : undefined;
}

function readSecret(path: string): { value: string } | string {
  try {
    const value = readFileSync(path, 'utf8').trim();
    return value === '' ? `${path} is empty; expected the value in it` : { value };
  } catch (error) {
    return `${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`;
  }
}
