import { BlockList, isIP } from 'node:net';

/** IPv4 that is of no use beyond a machine or a network of one's own (IANA special-purpose registry, RFC 6890). */
const CLOSED_4: readonly [network: string, bits: number][] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
];
/** Of IPv6 only 2000::/3 is handed out; in it, these hold other addresses or are for documents. */
const CLOSED_6: readonly [network: string, bits: number][] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const closed = new BlockList();
for (const [network, bits] of CLOSED_4) closed.addSubnet(network, bits, 'ipv4');
for (const [network, bits] of CLOSED_6) closed.addSubnet(network, bits, 'ipv6');
const handedOut = new BlockList();
handedOut.addSubnet('2000::', 3, 'ipv6');
/** IPv4 as networks that have none write it (RFC 6052). */
const translated = new BlockList();
translated.addSubnet('64:ff9b::', 96, 'ipv6');

/** Tells whether an IP address is one of the public network; anything else, also what is no address, is not. */
export function isPublicAddress(address: string): boolean {
  const ip = address.replace(/^\[|\]$/g, '');
  if (isIP(ip) === 4) return !closed.check(ip, 'ipv4');
  if (isIP(ip) !== 6) return false;
  if (translated.check(ip, 'ipv6')) return isPublicAddress(lastOf(ip));
  return handedOut.check(ip, 'ipv6') && !closed.check(ip, 'ipv6');
}

/** Writes the last four bytes of an IPv6 address as IPv4. */
function lastOf(ip: string): string {
  const { hostname } = new URL(`http://[${ip.split('%', 1).join('')}]`); // one way to write it
  const words = hostname.slice(1, -1).split(':').slice(-2);
  return words.flatMap((word) => [parseInt(word || '0', 16) >> 8, parseInt(word || '0', 16) & 255]).join('.');
}

/** Names that never leave a machine or a network of one's own (RFC 6761, 6762, 8375; .internal: ICANN, 2024). */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa)$/;

/**
 * Tells whether the host of a URL, as the URL parser spells it, may be public: a number that is, or a name that is not
 * of a local network alone.
 */
export function isPublicHost(host: string): boolean {
  const name = host
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  if (isIP(name) !== 0) return isPublicAddress(name);
  return name.includes('.') && !LOCAL_NAME.test(name);
}

/** Tells whether an IP address is this machine's own. */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(?:::1|(?:::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);
}
