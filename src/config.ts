import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import type { z } from 'zod';
import { halfOfADoor } from './feedback-settings.ts';
import { AppError } from './lib/errors.ts';
import { misspelt } from './lib/misspelt.ts';
import { fileSettingOf, gatherSettings, isSecret, type Given, type Variables } from './given-settings.ts';
import { fromHome, PACKAGE_ROOT } from './package.ts';
import { settingsSchema } from './settings.ts';
import { MAY_OPEN } from './source-settings.ts';

export { PACKAGE_ROOT };

/** The settings as the program sees them: checked, with paths and derived values filled in, frozen. */
export type Config = Readonly<
  Omit<z.output<typeof settingsSchema>, 'PUBLIC_URL' | 'LIST_ID' | 'JOURNAL_DIR'> & {
    PUBLIC_URL: string;
    LIST_ID: string;
    /** Undefined: no journal is kept. */
    JOURNAL_DIR: string | undefined;
  }
>;

/** Where settings are read from besides the environment, and who hears of names that may be mistakes. */
interface Reading {
  file: Variables;
  warn: (line: string) => void;
}

/**
 * Reads the settings from the environment and from the operator's `.env` (the environment wins). A name near a
 * setting's is a mistake in our own file; in the environment it may be another program's, and is only warned of.
 * Throws AppError bad-input naming each setting that is wrong, what was found and what was expected.
 */
export function loadConfig(
  environment: Variables = process.env,
  { file = environment === process.env ? ownFile() : {}, warn = warnOnStderr }: Partial<Reading> = {},
): Config {
  const names = Object.keys(settingsSchema.shape);
  const known = [...names, ...names.filter(isSecret).map(fileSettingOf)];
  const { given, problems } = gatherSettings(names, environment, file);
  problems.unshift(...misspelt(Object.keys(file), known));
  const foreign = Object.keys(environment).filter((name) => !(name in file));
  for (const line of misspelt(foreign, known)) warn(`${line} It is ignored.`);
  const parsed = settingsSchema.safeParse(Object.fromEntries([...given].map(([name, { value }]) => [name, value])));
  for (const issue of parsed.error?.issues ?? []) problems.push(problemOf(issue, given));
  if (problems.length > 0 || !parsed.success) {
    throw new AppError('bad-input', `Settings that cannot be used:\n  ${problems.join('\n  ')}`);
  }
  const settings = parsed.data;
  refuseHalves(settings);
  const config = Object.freeze({
    ...settings,
    DATA_DIR: fromHome(settings.DATA_DIR),
    JOURNAL_DIR: journalDir(settings),
    PUBLIC_URL: settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`,
    LIST_ID: settings.LIST_ID ?? `offprint.${settings.MAIL_FROM.address.split('@')[1] ?? ''}`,
  });
  givenBy.set(config, given);
  return config;
}

function journalDir({ JOURNAL_DIR, DATA_DIR }: z.output<typeof settingsSchema>): string | undefined {
  return JOURNAL_DIR === 'off' ? undefined : fromHome(JOURNAL_DIR ?? join(DATA_DIR, 'journal'));
}

/** Says what is wrong with a setting, with what was found unless that may open something. */
function problemOf(issue: z.core.$ZodIssue, given: ReadonlyMap<string, Given>): string {
  const name = String(issue.path[0]);
  const found = isSecret(name) && name !== 'SOURCES' ? '' : (given.get(name)?.value ?? '');
  return `${name}${found === '' || MAY_OPEN.test(found) ? '' : `=${found}`}: ${issue.message}`;
}

/** What was set of each configuration. */
const givenBy = new WeakMap<Config, ReadonlyMap<string, Given>>();

/** Returns where each setting was set that was, and to what; nothing else may change it. */
export function settingsGiven(config: Config): ReadonlyMap<string, Given> {
  return givenBy.get(config) ?? new Map();
}

/** Returns the settings that are set, as written; nothing else may change them. */
export function givenSettings(config: Config): ReadonlyMap<string, string> {
  return new Map([...settingsGiven(config)].map(([name, { value }]) => [name, value]));
}

/** Refuses settings that mean nothing without each other. */
function refuseHalves(settings: z.output<typeof settingsSchema>): void {
  const dkim = [settings.DKIM_DOMAIN, settings.DKIM_SELECTOR, settings.DKIM_KEY_FILE].filter(Boolean).length;
  if (dkim !== 0 && dkim !== 3) {
    throw new AppError('bad-input', 'DKIM needs all three of DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE, or none.');
  }
  const second = [settings.DKIM_ED25519_SELECTOR, settings.DKIM_ED25519_KEY_FILE].filter(Boolean).length;
  if (second === 1 || (second === 2 && dkim === 0)) {
    throw new AppError(
      'bad-input',
      'The second signature needs both DKIM_ED25519_SELECTOR and DKIM_ED25519_KEY_FILE, beside the RSA key (RFC 8463 asks for both).',
    );
  }
  if (settings.DATABASE_READ_URL !== undefined && settings.DATABASE_URL === undefined)
    throw new AppError('bad-input', 'DATABASE_READ_URL names a replica of DATABASE_URL, which is not set.');
  const oidc = [settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET].filter(Boolean).length;
  if (oidc !== 0 && oidc !== 3) {
    throw new AppError(
      'bad-input',
      'Signing in by a provider needs all three of OIDC_ISSUER, OIDC_CLIENT_ID and OIDC_CLIENT_SECRET, or none.',
    );
  }
  if ((settings.EMBEDDINGS_URL === undefined) !== (settings.EMBEDDINGS_MODEL === undefined)) {
    throw new AppError('bad-input', 'Embeddings need both EMBEDDINGS_URL and EMBEDDINGS_MODEL, or none.');
  }
  const half = halfOfADoor(settings);
  if (half !== null) throw new AppError('bad-input', half);
}

/** Returns the one setting that commands without a database heed, the operator's own concepts; others may be wrong. */
export function conceptsFileOf(environment: Variables = { ...ownFile(), ...process.env }): string | undefined {
  return settingsSchema.shape.CONCEPTS_FILE.parse(environment['CONCEPTS_FILE'] || undefined);
}

function ownFile(): Variables {
  const file = fromHome('.env');
  if (!existsSync(file)) return {};
  process.loadEnvFile(file); // for what is no setting of ours; never overrides what is set
  return parseEnv(readFileSync(file, 'utf8'));
}

function warnOnStderr(line: string): void {
  process.stderr.write(`Warning: ${line}\n`);
}
