/** A mail server of SMTP_URL. */
export interface RelaySetting {
  /** Host and port: what may be shown and kept; no user, since some providers take the key as one. */
  name: string;
  /** As Nodemailer takes it. */
  url: string;
  /** Its share of the connections, beside those of the others. */
  weight: number;
  /** Who runs it, where they hand back what a header of ours told them. */
  provider?: Provider;
}

/** Mail providers whose webhooks hand back a header of a mail. */
export const PROVIDERS = ['ses', 'sendgrid', 'mailgun', 'postmark'] as const;

export type Provider = (typeof PROVIDERS)[number];

const ESCAPES = '/ is %2F, ? is %3F, # is %23, % is %25, @ is %40';
const EXPECTED = 'smtp://user:password@host:587 or smtps://…:465';

/**
 * Reads SMTP_URL: one URL or several, separated by commas, each with `?weight=` where the shares are not to be equal,
 * and `?provider=` where it is to hand back whose mail it tells of. A problem never repeats a URL.
 */
export function parseRelays(text: string): { relays: RelaySetting[] } | { problem: string } {
  const parts = text.trim().split(/\s*,\s*(?=[a-z][a-z0-9+.-]*:\/\/)/i);
  const relays: RelaySetting[] = [];
  for (const [n, part] of parts.entries()) {
    const which = parts.length === 1 ? '' : ` as no. ${n + 1} of ${parts.length}`;
    const url = URL.canParse(part) ? new URL(part) : null;
    if (!/^smtps?:\/\//i.test(part)) return { problem: `expected an SMTP URL${which}: ${EXPECTED}` };
    if (isUnescaped(part, url))
      return { problem: `expected an SMTP URL${which} with its password escaped: ${ESCAPES}` };
    if (!url || url.hostname === '') return { problem: `expected an SMTP URL${which}: ${EXPECTED}` };
    const weight = url.searchParams.get('weight') ?? '1';
    if (!/^[1-9]\d{0,2}$/.test(weight)) return { problem: `expected a weight from 1 to 999${which}: ?weight=3` };
    const named = url.searchParams.get('provider');
    const provider = PROVIDERS.find((each) => each === named);
    if (named !== null && !provider)
      return { problem: `expected a provider of ${PROVIDERS.join(', ')}${which}: ?provider=ses` };
    for (const ours of ['weight', 'provider']) url.searchParams.delete(ours);
    const name = nameOf(url, relays);
    relays.push({ name, url: url.href, weight: Number(weight), ...(provider && { provider }) });
  }
  return { relays };
}

/**
 * Tells whether a user or password holds what a URL gives another meaning: a `/`, `?` or `#` ends the host where the
 * password was to go on, so that the password's beginning would be taken for a port, and a `%` begins an escape.
 */
function isUnescaped(part: string, url: URL | null): boolean {
  const lastAt = part.lastIndexOf('@');
  const before = lastAt < 0 ? '' : part.slice(part.indexOf('//') + 2, lastAt);
  if (/[/?#]|%(?![0-9a-f]{2})/i.test(before)) return true;
  return url !== null && (url.hash !== '' || !/^\/?$/.test(url.pathname));
}

function nameOf(url: URL, before: readonly RelaySetting[]): string {
  const place = `${url.hostname}:${url.port || (url.protocol === 'smtps:' ? 465 : 25)}`;
  const same = before.filter(({ name }) => name.replace(/#\d+$/, '') === place).length;
  return same === 0 ? place : `${place}#${same + 1}`;
}
