import { networkOf } from '../db/operator/budgets.ts';
import type { Translate } from '../lib/strings.ts';

/** Which word of a browser's name for itself tells it from others; those that claim to be another too come first. */
const BROWSERS = [
  ['Edg', 'Edge'],
  ['OPR/', 'Opera'],
  ['SamsungBrowser/', 'Samsung Internet'],
  ['Firefox/', 'Firefox'],
  ['FxiOS/', 'Firefox'],
  ['CriOS/', 'Chrome'],
  ['Chrome/', 'Chrome'],
  ['Safari/', 'Safari'],
] as const;

const SYSTEMS = [
  ['Android', 'Android'],
  ['iPhone', 'iPhone'],
  ['iPad', 'iPad'],
  ['Windows', 'Windows'],
  ['Macintosh', 'macOS'],
  ['CrOS', 'ChromeOS'],
  ['Linux', 'Linux'],
] as const;

/**
 * Names a browser and its system for people («Firefox on Linux») from its User-Agent (RFC 9110 10.1.5); of the text
 * itself nothing is kept.
 */
export function browserName(userAgent: string): string {
  const found = (words: readonly (readonly [string, string])[]) =>
    words.find(([word]) => userAgent.includes(word))?.[1];
  const [browser, system] = [found(BROWSERS), found(SYSTEMS)];
  if (browser && system) return `${browser} on ${system}`;
  return browser ?? (system ? `a program on ${system}` : 'another program');
}

/**
 * Names the network of an address for people: an IPv4 /24, an IPv6 /64, or this machine. The address itself is not
 * kept.
 */
export function networkName(ip: string): string {
  if (/^(::ffff:)?127\.|^::1$/i.test(ip)) return 'this machine';
  const network = networkOf(ip);
  return network.includes(':') ? `${network}/64` : `${network}.0/24`;
}

/** Words the kept name of a browser or of a network in the language of who looks at it. */
export function visitorText(words: Translate, kept: string): string {
  if (kept === 'this machine') return words('admin.sessions.thisMachine');
  if (kept === 'another program') return words('admin.sessions.program');
  const [browser = '', system] = kept.split(' on ');
  if (system === undefined) return kept;
  return words(browser === 'a program' ? 'admin.sessions.programOn' : 'admin.sessions.browserOn', { browser, system });
}
