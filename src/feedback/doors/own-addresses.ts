import type { Config } from '../../config.ts';
import type { LinkKey } from '../../links/tokens.ts';
import { readVerp } from '../../links/verp.ts';

type AddressSettings = Pick<Config, 'BOUNCE_DOMAIN' | 'UNSUBSCRIBE_MAILTO' | 'MAIL_FROM' | 'MAIL_REPLY_TO'>;

/** What each domain that takes mail must take (RFC 5321 4.5.1, RFC 2142 4). */
const ROLES = ['postmaster', 'abuse'];

/**
 * Tells of an address whether mail for it is ours to take: a signed bounce address, where we are unsubscribed from, our
 * sender where it is of the bounce domain, and its postmaster. Case makes no difference; what stands behind a plus
 * neither, but in a bounce address, whose signature must hold.
 */
export function ownAddresses(settings: AddressSettings, keys: () => readonly LinkKey[]): (address: string) => boolean {
  const domain = settings.BOUNCE_DOMAIN;
  const senders = [settings.MAIL_FROM, settings.MAIL_REPLY_TO].flatMap((box) => box?.address.toLowerCase() ?? []);
  const known = new Set([
    ...senders.filter((address) => domain !== undefined && domainOf(address) === domain),
    ...ROLES.map((role) => `${role}@${domain}`),
  ]);
  const leaving = leaveAddress(settings);
  if (leaving !== null) known.add(leaving);
  return (given) => {
    const address = given.toLowerCase();
    if (address === ROLES[0]) return true; // RFC 5321 4.5.1: without a domain too
    if (domain !== undefined && domainOf(address) === domain && readVerp(keys(), address) !== null) return true;
    return known.has(address) || known.has(withoutTag(address));
  };
}

/** Returns the address to which one writes to leave, in small letters; null where there is none. */
export function leaveAddress({ UNSUBSCRIBE_MAILTO: mailto }: Pick<Config, 'UNSUBSCRIBE_MAILTO'>): string | null {
  return (
    mailto
      ?.replace(/^mailto:/i, '')
      .split('?', 1)[0]
      ?.toLowerCase() ?? null
  );
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

function withoutTag(address: string): string {
  const plus = address.indexOf('+');
  const at = address.lastIndexOf('@');
  return plus > 0 && plus < at ? address.slice(0, plus) + address.slice(at) : address;
}
