import { isIPv4, isIPv6 } from 'node:net';
import { canonicalDomain } from './address.ts';

/** The longest name DNS knows, as text (RFC 1035 2.3.4). */
const MAX_LENGTH = 253;

/**
 * Returns a machine's name or address as EHLO says it: a fully qualified name, or an address literal in brackets,
 * `[192.0.2.1]`, `[IPv6:2001:db8::1]` (RFC 5321 2.3.5, 4.1.1.1, 4.1.3). Null for what is neither, such as `localhost`
 * or a name with `_`.
 */
export function ehloName(host: string): string | null {
  const text = host.trim();
  const literal = /^\[(?:IPv6:)?(.*)\]$/i.exec(text)?.[1];
  // The zone of an address is this machine's own affair (RFC 6874).
  const address = (literal ?? text).split('%')[0] ?? '';
  if (isIPv4(address)) return `[${address}]`;
  if (isIPv6(address)) return `[IPv6:${address}]`;
  const name = literal === undefined ? canonicalDomain(text.replace(/\.$/, '')) : null;
  return name !== null && name.length <= MAX_LENGTH ? name : null;
}
