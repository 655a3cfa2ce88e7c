/** A mail server of SMTP_URL. */
export interface RelaySetting {
  /** Host and port: what may be shown and kept; no user, since some providers take the key as one. */
  name: string;
  /** As Nodemailer takes it. */
  url: string;
  /** Its share of the connections, beside those of the others. */
  weight: number;
}

const EXPECTED = 'smtp://user:password@host:587 or smtps://…:465';

/** Reads SMTP_URL: one URL or several, separated by commas, each with `?weight=` where the shares are not to be equal. A problem never repeats a URL. */
export function parseRelays(text: string): { relays: RelaySetting[] } | { problem: string } {
  const parts = text.trim().split(/\s*,\s*(?=[a-z][a-z0-9+.-]*:\/\/)/i);
  const relays: RelaySetting[] = [];
  for (const [n, part] of parts.entries()) {
    const which = parts.length === 1 ? '' : ` as no. ${n + 1} of ${parts.length}`;
    const url = URL.canParse(part) ? new URL(part) : null;
    if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === '')
      return { problem: `expected an SMTP URL${which}: ${EXPECTED}` };
    const weight = url.searchParams.get('weight') ?? '1';
    if (!/^[1-9]\d{0,2}$/.test(weight)) return { problem: `expected a weight from 1 to 999${which}: ?weight=3` };
    url.searchParams.delete('weight');
    relays.push({ name: nameOf(url, relays), url: url.href, weight: Number(weight) });
  }
  return { relays };
}

function nameOf(url: URL, before: readonly RelaySetting[]): string {
  const place = `${url.hostname}:${url.port || (url.protocol === 'smtps:' ? 465 : 25)}`;
  const same = before.filter(({ name }) => name.replace(/#\d+$/, '') === place).length;
  return same === 0 ? place : `${place}#${same + 1}`;
}
