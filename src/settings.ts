import { z } from 'zod';
import { readAlarmTargets } from './alarm-settings.ts';
import { backupSettings } from './backup-settings.ts';
import { feedbackSettings } from './feedback-settings.ts';
import { readDomain, readEhloName, readLeftOut, readSelector } from './mail-settings.ts';
import { canonicalAddress } from './model/address.ts';
import { parseRelays, type RelaySetting } from './model/relay.ts';
import { parseSources } from './source-settings.ts';

const wholeNumber = (min: number, max: number) => z.coerce.number().int().min(min).max(max);
const optionalText = z
  .string()
  .trim()
  .transform((text) => text || undefined)
  .optional();
const webUrl = z.url({ protocol: /^https?$/, error: 'expected an http or https URL' });
const urlOf = (protocol: RegExp, expected: string) => z.url({ protocol, error: `expected ${expected}` }).optional();

/** As other programs take it: without a scheme it is http. */
const proxyUrl = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .pipe(z.url({ protocol: /^(https?|socks5?)$/, error: 'expected a URL such as http://proxy.example.org:3128' }))
  .optional();

const mailbox = z.string().transform((text, context) => {
  const found = /^\s*(?:"?([^"<>]*?)"?\s*<([^<>]+)>|([^<>\s]+))\s*$/.exec(text);
  const parsed = canonicalMailbox(found?.[2] ?? found?.[3] ?? '');
  if (!found || !parsed) {
    context.addIssue({ code: 'custom', message: 'expected an address such as «Offprint <papers@example.org>»' });
    return z.NEVER;
  }
  return { name: found[1]?.trim() || 'Offprint', address: parsed };
});

/** Every setting, its check and its default. `.env.example` documents each; a test holds the two together. */
export const settingsSchema = z.object({
  PORT: wholeNumber(0, 65_535).default(3000),
  PUBLIC_URL: webUrl.transform(readPublicUrl).optional(),
  DATABASE_URL: urlOf(/^postgres(ql)?$/, 'a PostgreSQL URL: postgresql://user:password@host:5432/offprint'),
  DATABASE_READ_URL: urlOf(/^postgres(ql)?$/, 'the PostgreSQL URL of a replica, or nothing'),
  DATA_DIR: z.string().min(1).default('./data'),
  JOURNAL_DIR: optionalText,
  SMTP_URL: z.string().transform(readRelays).optional(),
  EHLO_NAME: z.string().transform(readEhloName).optional(),
  MAIL_FROM: mailbox.prefault('Offprint <offprint@localhost.localdomain>'),
  MAIL_REPLY_TO: mailbox.optional(),
  POSTAL_ADDRESS: z.string().trim().default(''),
  LIST_ID: z
    .string()
    .regex(/^[a-z0-9-]+(\.[a-z0-9-]+)+$/i, 'expected a dotted name such as papers.example.org (RFC 2919)')
    .optional(),
  SECRET: z.string().min(16, 'expected at least 16 characters').optional(),
  SECRET_PREVIOUS: z.string().min(16, 'expected at least 16 characters').optional(),
  DKIM_DOMAIN: z.string().transform(readDomain).optional(),
  DKIM_SELECTOR: z.string().transform(readSelector).optional(),
  DKIM_KEY_FILE: optionalText,
  DKIM_ED25519_SELECTOR: z.string().transform(readSelector).optional(),
  DKIM_ED25519_KEY_FILE: optionalText,
  DKIM_LEAVE_OUT: z.string().default('').transform(readLeftOut),
  BOUNCE_DOMAIN: z.string().transform(readDomain).optional(),
  ...feedbackSettings,
  SOURCES: z.string().trim().default('samples=seeds/digests').transform(parseSources),
  ALLOW_PRIVATE_SOURCES: z.stringbool({ error: 'expected yes or no' }).default(false),
  ALLOW_PRIVATE_WEBHOOKS: z.stringbool({ error: 'expected yes or no' }).default(false),
  HTTPS_PROXY: proxyUrl,
  HTTP_PROXY: proxyUrl,
  NO_PROXY: optionalText,
  CONCEPTS_FILE: optionalText,
  EMBEDDINGS_URL: urlOf(/^https?$/, 'an http or https URL: http://127.0.0.1:11434/v1/embeddings').refine(
    (url) => !/^\w+:\/\/[^/?#]*@/.test(url ?? ''),
    'expected a URL without a name or password in it; EMBEDDINGS_KEY holds what opens it',
  ),
  EMBEDDINGS_MODEL: optionalText,
  EMBEDDINGS_KEY: optionalText,
  SEND_CONNECTIONS: wholeNumber(1, 200).default(10),
  SEND_PER_CONNECTION: wholeNumber(1, 1_000_000).default(1_000),
  SEND_RATE_PER_SECOND: wholeNumber(1, 100_000).optional(),
  DOMAIN_RATE_PER_MINUTE: wholeNumber(1, 1_000_000).optional(),
  DOMAIN_CONNECTIONS: wholeNumber(1, 1_000).optional(),
  WARM_UP: z
    .string()
    .regex(/^[1-9]\d*(,[1-9]\d*)*$/, 'expected mails a day, separated by commas: 50,100,500,1000,5000')
    .transform((text) => text.split(',').map(Number))
    .optional(),
  QUIET_HOURS: z.string().transform(readHours).optional(),
  ON_UNCERTAIN: z.enum(['hold', 'resend']).default('hold'),
  MAX_PAPERS: wholeNumber(1, 50).default(10),
  CONTENT_DAYS: wholeNumber(1, 90).default(14),
  PROVEN_DAYS: wholeNumber(1, 3650).default(90),
  CAPTURE_DAYS: wholeNumber(1, 3650).default(365),
  ATTEMPT_DAYS: wholeNumber(8, 3650).default(90),
  AUDIT_IP_DAYS: wholeNumber(1, 3650).default(90),
  PENDING_DAYS: wholeNumber(3, 90).default(7),
  FEEDBACK_DAYS: wholeNumber(1, 3650).default(90),
  LATE_HOURS: wholeNumber(1, 168).default(12),
  RETRY_MINUTES: z
    .string()
    .regex(/^\d+(\.\d+)?(,\d+(\.\d+)?)*$/, 'expected minutes, separated by commas: 5,30,120')
    .default('5,30,120')
    .transform((text) => text.split(',').map(Number))
    .refine((minutes) => minutes.every((wait) => wait > 0), 'expected minutes above 0: 5,30,120'),
  LEASE_SECONDS: wholeNumber(1, 3600).default(60),
  SMTP_TIMEOUT_SECONDS: wholeNumber(1, 3600).default(600),
  UNSUBSCRIBE_MAILTO: z
    .string()
    .transform((text) => text.replace(/^mailto:/i, ''))
    .pipe(mailbox)
    .transform(({ address }) => address)
    .optional(),
  DRAIN_SECONDS: wholeNumber(0, 600).default(5),
  SCHEDULER: z.enum(['on', 'off']).default('on'),
  DISPOSABLE_DOMAINS: z.enum(['allow', 'refuse']).default('allow'),
  TRUST_PROXY: wholeNumber(0, 10).default(0),
  ADMIN_SESSION_HOURS: wholeNumber(1, 720).default(12),
  OIDC_ISSUER: urlOf(/^https?$/, 'the issuer of an OpenID provider: https://login.example.org'),
  OIDC_CLIENT_ID: optionalText,
  OIDC_CLIENT_SECRET: optionalText,
  ADMIN_EMAIL: mailbox.optional().transform((box) => box?.address),
  METRICS_TOKEN: z.string().min(16, 'expected at least 16 characters').optional(),
  METRICS_PORT: wholeNumber(0, 65_535).optional(),
  ALARM_URLS: z.string().default('').transform(readAlarmTargets),
  HEARTBEAT_URL: webUrl.optional(),
  ...backupSettings,
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

/** Reads PUBLIC_URL as an origin: what would be dropped from links, or break every one of them, is refused. */
function readPublicUrl(text: string, context: z.RefinementCtx): string {
  const { origin, pathname, search, hash, username, password } = new URL(text);
  if (/^\/*$/.test(pathname) && search + hash + username + password === '') return origin;
  const expected = `expected a name of its own without a path, such as ${origin}`;
  const why = 'every page lies at the root of its host, where a proxy cannot put another path before it';
  context.addIssue({ code: 'custom', message: `${expected}: ${why} (docs/operate/proxy.md)` });
  return z.NEVER;
}

function canonicalMailbox(text: string): string | null {
  const result = canonicalAddress(text);
  return result.ok ? result.address : null;
}

function readHours(text: string, context: z.RefinementCtx): { from: number; to: number } {
  const [, from = '', to = ''] = /^([01]?\d|2[0-3])-([01]?\d|2[0-3])$/.exec(text.trim()) ?? [];
  if (from !== '' && Number(from) !== Number(to)) return { from: Number(from), to: Number(to) };
  context.addIssue({ code: 'custom', message: 'expected two different full hours: 22-7' });
  return z.NEVER;
}

function readRelays(text: string, context: z.RefinementCtx): RelaySetting[] {
  const read = parseRelays(text);
  if ('relays' in read) return read.relays;
  context.addIssue({ code: 'custom', message: read.problem });
  return z.NEVER;
}
