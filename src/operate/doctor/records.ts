import type { Config } from '../../config.ts';
import { dkimKeys, dkimRecord } from './dkim.ts';
import { sendingNames } from './names.ts';
import { isForOthers } from './settings.ts';

/** A record to publish. */
export interface DnsRecord {
  name: string;
  type: 'TXT' | 'MX' | 'PTR';
  value: string;
}

/** Lists the records that receivers look for, by the settings; what a provider has to say stands as `PROVIDER`. */
export function recordsToPublish(config: Config): DnsRecord[] {
  if (!isForOthers(config)) return [];
  const { from, envelope, ehlo, ownServer } = sendingNames(config);
  const spf = ownServer && ehlo !== null ? `v=spf1 a:${ehlo} -all` : 'v=spf1 include:PROVIDER -all';
  return [
    { name: envelope, type: 'TXT', value: spf },
    ...dkimKeys(config).map((key): DnsRecord => ({ name: key.name, type: 'TXT', value: dkimRecord(key) })),
    {
      name: `_dmarc.${from}`,
      type: 'TXT',
      value: `v=DMARC1; p=none; rua=mailto:${config.ADMIN_EMAIL ?? `postmaster@${from}`}`,
    },
    ...(ehlo !== null ? [{ name: envelope, type: 'MX' as const, value: `10 ${ehlo}` }] : []),
    ...(ehlo !== null && ownServer
      ? [{ name: 'the address that mail leaves from', type: 'PTR' as const, value: ehlo }]
      : []),
  ];
}
