import type { Config } from '../../config.ts';
import { ehloName } from '../../model/ehlo.ts';
import { unanswered, type AskDns } from './ask-dns.ts';
import { ok, problem, warning, type Check } from './check.ts';
import { isOurs } from './mail-servers.ts';
import { domainOfSender } from './settings.ts';
import { judgeSpf, spfRecords } from './spf.ts';

/** What receivers look up, by the settings. */
export interface SendingNames {
  /** Of the From header. */
  from: string;
  /** Of the envelope, which bounces go to and SPF is asked of. */
  envelope: string;
  /** As the machine calls itself; null where that is no name. */
  ehlo: string | null;
  /** Whether mail leaves from here, not from servers of a provider. */
  ownServer: boolean;
}

/** Gathers the names of the settings. */
export function sendingNames(config: Config): SendingNames {
  const from = domainOfSender(config);
  const name = config.EHLO_NAME ?? ehloName(new URL(config.PUBLIC_URL).hostname);
  const ehlo = name === null || name.startsWith('[') ? null : name;
  const ownServer = (config.SMTP_URL ?? []).some((relay) => isOurs(relay.name));
  return { from, envelope: config.BOUNCE_DOMAIN ?? from, ehlo, ownServer };
}

/** Looks at the name we greet with: it leads to an address, and the address back to it (RFC 5321 4.1.1.1). */
export async function checkEhlo({ ehlo, ownServer }: SendingNames, dns: AskDns): Promise<Check[]> {
  if (!ownServer) return [ok('ehlo', 'mail leaves from the servers of a provider, under their names')];
  const remedy = 'set EHLO_NAME to the full name of the machine that mail leaves from';
  if (ehlo === null) return [warning('ehlo', 'we greet by an address, not by a name', remedy)];
  const addresses = await dns.addresses(ehlo);
  if (addresses.length === 0)
    return [problem('ehlo', `${ehlo} leads to no address`, `publish an A record at ${ehlo}`, ehlo)];
  const back = addresses.map((address) =>
    checkPtr(ehlo, address, dns).catch((error: unknown) => unanswered('ptr', error, address)),
  );
  return [ok('ehlo', `leads to ${addresses.join(', ')}`, ehlo), ...(await Promise.all(back))];
}

async function checkPtr(ehlo: string, address: string, dns: AskDns): Promise<Check> {
  const names = await dns.names(address);
  if (names.includes(ehlo.toLowerCase())) return ok('ptr', `leads back to ${ehlo}`, address);
  const found = names.length === 0 ? 'to no name' : `to ${names.join(', ')}`;
  const how = `let the owner of ${address} set its PTR record to ${ehlo}`;
  return problem('ptr', `leads ${found}, not to ${ehlo}: large receivers refuse such mail`, how, address);
}

/** Looks at SPF of the envelope's domain; where mail leaves from here, whether it names this machine. */
export async function checkSpf({ envelope, ehlo, ownServer }: SendingNames, dns: AskDns): Promise<Check> {
  const [record, ...others] = await spfRecords(dns, envelope);
  const publish = `publish the TXT record that is printed below at ${envelope}`;
  if (record === undefined) return problem('spf', 'there is no SPF record', publish, envelope);
  if (others.length > 0)
    return problem(
      'spf',
      `there are ${others.length + 1} SPF records; receivers heed none then`,
      'join them to one',
      envelope,
    );
  if (/\s\+?all\b/i.test(record))
    return problem('spf', 'it lets everybody send as you (+all)', 'end it in -all or ~all', envelope);
  const address = ehlo && ownServer ? (await dns.addresses(ehlo))[0] : undefined;
  if (address === undefined) return ok('spf', record, envelope);
  const verdict = await judgeSpf(dns, envelope, address);
  if (verdict === 'pass') return ok('spf', `it lets ${address} send`, envelope);
  if (verdict === 'broken')
    return problem(
      'spf',
      'receivers cannot judge by it: it asks too much, or includes what is not there',
      'mend its includes; 10 lookups at most',
      envelope,
    );
  return problem('spf', `it does not let ${address} send (${verdict})`, `add ip4:${address} to it`, envelope);
}

/** Looks at DMARC of the From domain or one above it, and whether one of our signatures would count for it. */
export async function checkDmarc(config: Config, { from, envelope }: SendingNames, dns: AskDns): Promise<Check> {
  const { domain, records } = await findDmarc(from, dns);
  const [record, ...others] = records;
  if (record === undefined)
    return problem(
      'dmarc',
      'there is no DMARC record; Gmail and Yahoo want one of who sends much',
      `publish the TXT record that is printed below at _dmarc.${from}`,
      from,
    );
  if (others.length > 0) return problem('dmarc', 'there are several DMARC records; none counts', 'leave one', domain);
  const policy = /(?:^|;)\s*p\s*=\s*(none|quarantine|reject)/i.exec(record)?.[1];
  if (policy === undefined)
    return problem('dmarc', 'it has no policy (p=)', 'let it begin with v=DMARC1; p=none', domain);
  const tags = record.split(';').map((tag) => tag.replaceAll(' ', '').toLowerCase());
  const strict = (name: string) => tags.includes(`${name}=s`);
  const signed = config.DKIM_DOMAIN !== undefined && isAligned(config.DKIM_DOMAIN, from, strict('adkim'));
  if (signed || isAligned(envelope, from, strict('aspf')) || config.DKIM_DOMAIN === undefined)
    return ok('dmarc', `p=${policy.toLowerCase()}`, domain);
  const says = `neither the signature (${config.DKIM_DOMAIN}) nor the envelope (${envelope}) belongs to ${from}: DMARC fails`;
  return problem('dmarc', says, `sign with a domain of ${from}: DKIM_DOMAIN=${from}`, domain);
}

/** Walks up from a domain to what may be registered. */
async function findDmarc(from: string, dns: AskDns): Promise<{ domain: string; records: string[] }> {
  for (let parts = from.split('.'); parts.length >= 2; parts = parts.slice(1)) {
    const domain = parts.join('.');
    const records = (await dns.txt(`_dmarc.${domain}`)).filter((text) => /^v=DMARC1(;|\s|$)/i.test(text));
    if (records.length > 0) return { domain, records };
  }
  return { domain: from, records: [] };
}

/** RFC 7489 3.1, with a domain above or below the other taken as of one organisation. */
function isAligned(one: string, from: string, strict: boolean): boolean {
  if (one === from) return true;
  return !strict && (one.endsWith(`.${from}`) || from.endsWith(`.${one}`));
}

/** Looks whether bounces find a way: a mail server takes mail for the envelope's domain. */
export async function checkBounces(config: Config, { envelope }: SendingNames, dns: AskDns): Promise<Check> {
  const servers = await dns.mx(envelope);
  if (servers.length > 0 && servers[0] !== '') return ok('bounces', `go to ${servers.join(', ')}`, envelope);
  const direct = servers.length === 0 ? await dns.addresses(envelope) : [];
  if (direct.length > 0) return ok('bounces', `go to ${envelope} itself`, envelope);
  const remedy = `publish an MX record at ${envelope}`;
  const says = 'no mail server takes mail for it: bounces are lost, and some receivers refuse its mail';
  return config.BOUNCE_DOMAIN === undefined
    ? warning('bounces', says, remedy, envelope)
    : problem('bounces', says, remedy, envelope);
}
