import { givenSettings, type Config } from './config.ts';
import type { Context } from './context.ts';
import { loadChangedSettings } from './db/operator/settings.ts';
import { messageOf } from './lib/errors.ts';
import { refreshTopics } from './live-topics.ts';
import { settingsSchema } from './settings.ts';

/**
 * Settings that may change while the service runs: every place that heeds one reads it anew each time. The others are
 * read at the start, since what hangs on them is opened then.
 */
export const CHANGEABLE = [
  ...(['SEND_RATE_PER_SECOND', 'DOMAIN_RATE_PER_MINUTE', 'WARM_UP', 'QUIET_HOURS', 'RETRY_MINUTES'] as const),
  ...(['ON_UNCERTAIN', 'LATE_HOURS', 'MAX_PAPERS', 'CONTENT_DAYS', 'DISPOSABLE_DOMAINS'] as const),
] as const;

export type ChangeableSetting = (typeof CHANGEABLE)[number];

/** How soon every process heeds a change. */
const LOOK_MS = 5_000;

/** The settings that each live configuration was made of. */
const bases = new WeakMap<Config, Config>();

/** Makes a configuration that follows what is changed while the service runs (`refreshSettings`). */
export function liveConfig(base: Config): Config {
  const live = { ...base };
  bases.set(live, base);
  return live;
}

/** Returns what the environment and the program say, whatever was changed since. */
export function baseConfig(config: Config): Config {
  return bases.get(config) ?? config;
}

/** Tells whether a name is that of a setting that may change. */
export function isChangeable(name: string): name is ChangeableSetting {
  return CHANGEABLE.some((one) => one === name);
}

/** Tells whether the environment sets a setting, so that nothing else may. */
export function isLocked(config: Config, name: string): boolean {
  return givenSettings(baseConfig(config)).has(name);
}

/** Checks a value as it would stand in the environment; what is wrong is returned in words. */
export function checkSetting(name: ChangeableSetting, value: string): { value: unknown } | { problem: string } {
  const parsed = settingsSchema.shape[name].safeParse(value);
  return parsed.success
    ? { value: parsed.data }
    : { problem: parsed.error.issues[0]?.message ?? 'expected another value' };
}

/** Takes up what was changed, by whichever process. A value that an older or newer release kept is passed over. */
export async function refreshSettings({ db, config }: Pick<Context, 'db' | 'config'>): Promise<void> {
  const base = bases.get(config);
  if (!base) return;
  const rows = await loadChangedSettings(db);
  const settings = CHANGEABLE.map((name) => {
    const row = isLocked(config, name) ? undefined : rows.get(name);
    const checked = row && checkSetting(name, row.value);
    return [name, checked && 'value' in checked ? checked.value : base[name]];
  });
  Object.assign(config, Object.fromEntries(settings));
}

/** Goes on taking up changes of settings and topics, every few seconds; returns what stops it. */
export function followSettings(ctx: Pick<Context, 'db' | 'config' | 'log'>): () => Promise<void> {
  const timer = setInterval(() => {
    Promise.all([refreshSettings(ctx), refreshTopics(ctx)]).catch((error: unknown) =>
      ctx.log.debug({ problem: messageOf(error) }, 'settings'),
    );
  }, LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
    return Promise.resolve();
  };
}
