import { createHash } from 'node:crypto';
import { translator } from '../lib/strings.ts';

/** Where a request came from: evidence of consent. */
export interface Visitor {
  ip: string | null;
  userAgent: string | null;
  /** Language of the page they saw; else their own. */
  language?: string;
}

/** The words somebody agreed to, and which version of them. */
export interface Wording {
  wording: string;
  /** The first digits of the text's SHA-256: a changed word is another version. */
  wordingVersion: string;
}

/** Returns what a person agrees to when signing up, as the form says it. */
export function signUpWording(language: string): Wording {
  return versioned(translator(language)('form.consent'));
}

/** Returns what a person agrees to with the button of the confirmation page that they pressed. */
export function confirmWording(language: string, button: 'latest' | 'next' | 'move'): Wording {
  const t = translator(language);
  if (button === 'move') return versioned(`${t('confirm.change.lead')} [${t('confirm.change.submit')}]`);
  return versioned(
    `${t('confirm.lead')} [${t(button === 'latest' ? 'confirm.submit' : 'confirm.submitWithoutLatest')}]`,
  );
}

/**
 * Returns an IP as people read it: an IPv4 address without the prefix it wears on an IPv6 socket (RFC 4291 2.5.5.2).
 */
export function plainIp(ip: string | null): string | null {
  return ip?.replace(/^::ffff:(?=\d+\.)/i, '') ?? null;
}

/** Shortens what a browser says of itself to something that can be kept. */
export function trimmedAgent(userAgent: string | null | undefined): string | null {
  return userAgent ? userAgent.slice(0, 300) : null;
}

function versioned(wording: string): Wording {
  return { wording, wordingVersion: createHash('sha256').update(wording).digest('hex').slice(0, 8) };
}
