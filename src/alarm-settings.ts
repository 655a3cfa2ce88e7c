import { z } from 'zod';

/** A place that alarms are sent to, beside the mail. */
export interface AlarmTarget {
  /** `ntfy` and `slack` as those services read it, `signed` as JSON by Standard Webhooks. */
  kind: 'ntfy' | 'slack' | 'signed';
  /** Where it is POSTed; may open something by itself. */
  url: string;
  /** What signs (`whsec_…`); null where nothing is signed. */
  secret: string | null;
  /** Kind and host: what may be shown. */
  name: string;
}

const EXPECTED =
  'expected addresses parted by blanks: ntfy://ntfy.sh/TOPIC, slack://hooks.slack.com/services/…, or https://…#whsec_SECRET (Standard Webhooks)';
const BASE64_SECRET = /^whsec_[A-Za-z0-9+/]{32,}={0,2}$/;

/** Reads ALARM_URLS; a problem never repeats an address. `ntfy+http://` and `slack+http://` are for servers of one's own. */
export function readAlarmTargets(text: string, context: z.RefinementCtx): AlarmTarget[] {
  const parts = text
    .trim()
    .split(/[\s,]+/)
    .filter(Boolean);
  const targets = parts.flatMap((part) => targetIn(part) ?? []);
  if (targets.length === parts.length) return targets;
  context.addIssue({ code: 'custom', message: EXPECTED });
  return z.NEVER;
}

function targetIn(part: string): AlarmTarget | null {
  const [, kind, how = 'https', rest = ''] = /^(?:(ntfy|slack)(?:\+(https?))?:\/\/)(.+)$/i.exec(part) ?? [];
  const address = kind === undefined ? part : `${how.toLowerCase()}://${rest}`;
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  if (!/^https?:$/.test(url.protocol) || url.hostname === '') return null;
  if (kind !== undefined) {
    const named = kind.toLowerCase() as 'ntfy' | 'slack';
    return url.pathname.length > 1 ? { kind: named, url: url.href, secret: null, name: `${named} ${url.host}` } : null;
  }
  const secret = decodeURIComponent(url.hash.slice(1));
  url.hash = '';
  return BASE64_SECRET.test(secret) ? { kind: 'signed', url: url.href, secret, name: `signed ${url.host}` } : null;
}
