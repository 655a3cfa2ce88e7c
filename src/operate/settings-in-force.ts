import { settingsGiven, type Config } from '../config.ts';
import type { ChangedSetting } from '../db/operator/settings.ts';
import { isSecret } from '../given-settings.ts';
import { shownAddress, withoutSecrets } from '../lib/redact.ts';
import { baseConfig, CHANGEABLE, checkSetting } from '../live-settings.ts';
import { settingsSchema } from '../settings.ts';

/** Where the value of a setting comes from; `admin` is a change while the service runs. */
export const ORIGINS = ['environment', '.env', 'file', 'admin', 'default'] as const;

/** A setting as it holds now. */
export interface SettingInForce {
  name: string;
  /** Without what opens anything; null where nothing is set and there is no default. */
  value: string | null;
  from: (typeof ORIGINS)[number];
  /** The file that NAME_FILE names. */
  file: string | null;
  secret: boolean;
}

/** Secrets of which nothing may be seen; the others are addresses. */
const WHOLE = /(SECRET|SECRET_PREVIOUS|KEY|TOKEN|LOGIN)$/;
/** Addresses whose path is the key. */
const OPENS_BY_PATH = /^(ALARM_URLS|HEARTBEAT_URL)$/;
/** What stands for a value nobody may see. */
const MASK = '••••••';

/** Lists every setting with the value in force and where it comes from; `changed` is what admins changed. */
export function settingsInForce(config: Config, changed: ReadonlyMap<string, ChangedSetting>): SettingInForce[] {
  const base = baseConfig(config);
  const given = settingsGiven(base);
  const names = Object.keys(settingsSchema.shape) as (keyof Config)[];
  return names.map((name): SettingInForce => {
    const secret = isSecret(name);
    const set = given.get(name);
    const now = set ? undefined : changedValue(name, changed);
    const value = now === undefined ? textOf(base[name]) : now;
    const from = now === undefined ? (set?.from ?? 'default') : 'admin';
    const seen = value === null ? null : secret ? masked(name, value) : withoutSecrets(value);
    return { name, value: seen, from, file: set?.file ?? null, secret };
  });
}

/** A value that an older or newer release kept is passed over, as the service does. */
function changedValue(name: string, changed: ReadonlyMap<string, ChangedSetting>): string | undefined {
  const changeable = CHANGEABLE.find((one) => one === name);
  const value = changeable && changed.get(changeable)?.value;
  return changeable && value !== undefined && 'value' in checkSetting(changeable, value) ? value : undefined;
}

/** Hides a secret whole, or where it is an address what opens it: one may see which server is meant. */
function masked(name: string, value: string): string {
  if (WHOLE.test(name)) return MASK;
  const part = OPENS_BY_PATH.test(name) ? hostOf : maskedPart;
  return value.split('\n').map(part).join(' ');
}

function hostOf(address: string): string {
  const { protocol, host } = new URL(address);
  return `${protocol}//${host}/${MASK}`;
}

function maskedPart(part: string): string {
  const [, before = '', address = part] = /^([^:/]*=)?([a-z][a-z0-9+.-]*:\/\/.*)$/i.exec(part) ?? [];
  if (!address.includes('://')) return part;
  const opens = URL.canParse(address) && new URL(address).password !== '';
  return `${before}${opens ? shownAddress(address).replace('://', `://${MASK}@`) : shownAddress(address)}`;
}

/** Writes a value as it would stand in the environment; of several addresses one a line. */
function textOf(value: Config[keyof Config]): string | null {
  if (value === undefined || value === '') return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) {
    if (value.every((part) => typeof part !== 'object')) return value.length === 0 ? null : value.join(',');
    return value.map((part) => partText(part as object)).join('\n');
  }
  return typeof value === 'object' ? partText(value) : String(value);
}

function partText(part: object): string {
  if ('from' in part && 'to' in part) return `${String(part.from)}-${String(part.to)}`;
  if ('address' in part && 'name' in part) return `${String(part.name)} <${String(part.address)}>`;
  if ('location' in part && 'name' in part) return `${String(part.name)}=${String(part.location)}`;
  return 'url' in part ? String(part.url) : JSON.stringify(part);
}
