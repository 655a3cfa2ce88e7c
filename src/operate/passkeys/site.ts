import type { Context } from '../../context.ts';

/**
 * Says for which site passkeys are made: the host of PUBLIC_URL (WebAuthn 3, 5.1.3); one made for another host does not
 * work here.
 */
export function siteOf({ config: { PUBLIC_URL, MAIL_FROM } }: Context): {
  rpID: string;
  rpName: string;
  origin: string;
} {
  const { hostname, origin } = new URL(PUBLIC_URL);
  return { rpID: hostname, rpName: MAIL_FROM.name, origin };
}

/** Reads what a browser answered; null where it is no JSON object. */
export function answerIn(text: string): object | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? parsed : null;
  } catch {
    return null;
  }
}
