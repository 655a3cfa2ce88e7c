import { createPublicKey, type KeyObject } from 'node:crypto';
import { loadDkimKeys } from '../../compose/wire/dkim.ts';
import type { Config } from '../../config.ts';
import type { AskDns } from './ask-dns.ts';
import { ok, problem, warning, type Check } from './check.ts';

/** A key that signs mails, and the record that tells receivers of it (RFC 6376 3.6.1). */
export interface DkimKey {
  name: string;
  kind: 'rsa' | 'ed25519';
  /** As it stands in `p=`. */
  published: string;
  /** Of an RSA key; 256 for the other. */
  bits: number;
}

/** Reads the keys of the settings; none where one cannot be used, since the settings tell of it. */
export function dkimKeys(config: Config): DkimKey[] {
  try {
    return loadDkimKeys(config).map(({ domain, selector, key }) => ({
      name: `${selector}._domainkey.${domain}`,
      ...publicHalf(createPublicKey(key)),
    }));
  } catch {
    return [];
  }
}

function publicHalf(key: KeyObject): Omit<DkimKey, 'name'> {
  return key.asymmetricKeyType === 'ed25519' ? ofEdwards(key) : ofRsa(key);
}

/** RFC 8463 4.2: the 32 bytes alone. */
function ofEdwards(key: KeyObject): Omit<DkimKey, 'name'> {
  const bytes = Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { kind: 'ed25519', published: bytes.toString('base64'), bits: 256 };
}

function ofRsa(key: KeyObject): Omit<DkimKey, 'name'> {
  const published = key.export({ type: 'spki', format: 'der' }).toString('base64');
  return { kind: 'rsa', published, bits: key.asymmetricKeyDetails?.modulusLength ?? 0 };
}

/** Writes the record of a key. */
export function dkimRecord({ kind, published }: DkimKey): string {
  return `v=DKIM1; k=${kind}; p=${published}`;
}

/** Looks whether receivers can check our signatures: each key is published, and the one that signs. */
export async function checkDkim(config: Config, dns: AskDns): Promise<Check[]> {
  const remedy = 'set DKIM_DOMAIN, DKIM_SELECTOR and DKIM_KEY_FILE, or let the mail server sign';
  if (config.DKIM_DOMAIN === undefined) return [warning('dkim', 'mails are not signed here', remedy)];
  return Promise.all(dkimKeys(config).map((key) => checkKey(key, dns)));
}

async function checkKey(key: DkimKey, dns: AskDns): Promise<Check> {
  const { name, published, bits, kind } = key;
  const records = (await dns.txt(name)).filter((text) => /(^|;)\s*p=/i.test(text));
  const publish = `publish the TXT record that is printed below at ${name}`;
  if (records.length === 0) return problem('dkim', 'the key is not published: every signature fails', publish, name);
  if (records.length > 1) return problem('dkim', 'there are several keys at this name', 'leave one of them', name);
  const found = /(?:^|;)\s*p=([^;]*)/i.exec(records[0] ?? '')?.[1]?.replace(/\s+/g, '') ?? '';
  if (found === '') return problem('dkim', 'the key is revoked (an empty p=)', publish, name);
  if (found !== published) return problem('dkim', 'another key is published than the one that signs', publish, name);
  if (kind === 'rsa' && bits < 2048)
    return warning(
      'dkim',
      `the key has ${bits} bits; receivers want 2048`,
      'openssl genrsa 2048, under a new selector',
      name,
    );
  return ok('dkim', `the published key is the one that signs (${kind}, ${bits} bits)`, name);
}
