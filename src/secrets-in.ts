import type { Config } from './config.ts';
import { secretsOf } from './lib/redact.ts';

/** Lists what opens something among the settings: no line of the log may hold any of it. */
export function secretsIn(config: Config): string[] {
  const { SECRET, SECRET_PREVIOUS, EMBEDDINGS_KEY, METRICS_TOKEN, BOUNCE_IMAP_URL, EMBEDDINGS_URL } = config;
  const databases = [config.DATABASE_URL, config.DATABASE_READ_URL];
  const { HTTP_PROXY, HTTPS_PROXY, OIDC_CLIENT_SECRET, HEARTBEAT_URL } = config;
  const { WEBHOOK_MAILGUN_KEY, WEBHOOK_POSTMARK_LOGIN, WEBHOOK_SECRET } = config;
  const relays = (config.SMTP_URL ?? []).map(({ url }) => url);
  const sources = config.SOURCES.map(({ location }) => location);
  const addresses = [...databases, BOUNCE_IMAP_URL, EMBEDDINGS_URL, HTTP_PROXY, HTTPS_PROXY, ...relays, ...sources];
  const targets = [...config.ALARM_URLS.map(({ url }) => url), ...(HEARTBEAT_URL ? [HEARTBEAT_URL] : [])];
  const paths = targets.map((url) => new URL(url).pathname.slice(1));
  const whole = [
    SECRET,
    SECRET_PREVIOUS,
    EMBEDDINGS_KEY,
    METRICS_TOKEN,
    OIDC_CLIENT_SECRET,
    ...[WEBHOOK_MAILGUN_KEY, WEBHOOK_POSTMARK_LOGIN, WEBHOOK_SECRET],
    ...config.ALARM_URLS.map(({ secret }) => secret ?? undefined),
  ];
  return secretsOf([...whole, ...paths], [...addresses, ...targets]);
}
