import { BlockList, isIPv6 } from 'node:net';
import type { AskDns } from './ask-dns.ts';

/** How SPF judges an address (RFC 7208 2.6), as far as it is judged here. */
export type SpfVerdict = 'pass' | 'fail' | 'softfail' | 'neutral' | 'none' | 'broken';

/** Questions that one judgement may ask (RFC 7208 4.6.4). */
const MOST_LOOKUPS = 10;
const VERDICTS: Readonly<Record<string, SpfVerdict>> = { '+': 'pass', '-': 'fail', '~': 'softfail', '?': 'neutral' };

/** A host, and how much of its addresses is to agree: `/24` of IPv4, `//64` of IPv6 (RFC 7208 5.3, 5.4, 5.6). */
const HOSTS = /^([^/]*)(?:\/(\d+))?(?:\/\/(\d+))?$/;

/** Finds the SPF records of a domain; there must be one. */
export async function spfRecords(dns: AskDns, domain: string): Promise<string[]> {
  return (await dns.txt(domain)).filter((text) => /^v=spf1( |$)/i.test(text));
}

/** Judges whether mail of a domain may come from an address: `ip4`, `ip6`, `a`, `mx`, `include`, `redirect`, `all`. */
export async function judgeSpf(
  dns: AskDns,
  domain: string,
  address: string,
  left = { n: MOST_LOOKUPS },
): Promise<SpfVerdict> {
  const [record, ...others] = await spfRecords(dns, domain);
  if (record === undefined) return 'none';
  if (others.length > 0) return 'broken';
  const terms = record.split(/\s+/).slice(1);
  for (const term of terms) {
    const [, sign = '', mechanism = '', value = ''] = /^([+?~-]?)(\w+)(?=[:/]|$):?(.*)$/.exec(term) ?? [];
    if (mechanism === '') continue;
    const found = await matches(dns, { mechanism: mechanism.toLowerCase(), value, domain, address, left });
    if (found === 'broken') return 'broken';
    if (found) return VERDICTS[sign || '+'] ?? 'neutral';
  }
  const redirect = terms.map((term) => /^redirect=(.+)$/i.exec(term)?.[1]).find((name) => name !== undefined);
  if (redirect === undefined) return 'neutral';
  return --left.n < 0 ? 'broken' : judgeSpf(dns, redirect, address, left);
}

interface Term {
  mechanism: string;
  value: string;
  domain: string;
  address: string;
  left: { n: number };
}

async function matches(dns: AskDns, { mechanism, value, domain, address, left }: Term): Promise<boolean | 'broken'> {
  if (mechanism === 'all') return true;
  if (mechanism === 'ip4' || mechanism === 'ip6') return isWithin(address, value);
  if (!['a', 'mx', 'include'].includes(mechanism)) return false;
  if (--left.n < 0) return 'broken';
  const [, host = '', bits4 = '32', bits6 = '128'] = HOSTS.exec(value) ?? [];
  const name = host || domain;
  if (mechanism === 'include') {
    const verdict = await judgeSpf(dns, name, address, left);
    return verdict === 'none' || verdict === 'broken' ? 'broken' : verdict === 'pass';
  }
  const hosts = mechanism === 'mx' ? await dns.mx(name) : [name];
  const addresses = (await Promise.all(hosts.map((host) => dns.addresses(host)))).flat();
  return addresses.some((found) => isWithin(address, `${found}/${isIPv6(found) ? bits6 : bits4}`));
}

function isWithin(address: string, network: string): boolean {
  const [base = '', bits] = network.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  if (isIPv6(base) !== isIPv6(address)) return false;
  try {
    const list = new BlockList();
    list.addSubnet(base, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
    return list.check(address, family);
  } catch {
    return false;
  }
}
