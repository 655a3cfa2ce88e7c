import type { Config } from '../../config.ts';
import { probeRelay, type RelayProbe } from '../../deliver/relays/smtp-probe.ts';
import { isPublicAddress, isPublicHost } from '../../lib/public-address.ts';
import { withoutSecrets } from '../../lib/redact.ts';
import type { RelaySetting } from '../../model/relay.ts';
import { ok, problem, warning, type Check } from './check.ts';

/** A newsletter with pictures of formulas left out is far smaller; one that is not, is refused. */
const LEAST_SIZE = 1_000_000;

/** Greets every mail server of SMTP_URL and tells what it offers and lacks. */
export async function checkMailServers(config: Config): Promise<Check[]> {
  const probed = await Promise.all(
    (config.SMTP_URL ?? []).map(async (relay) => tellOf(relay, await probeRelay(config, relay))),
  );
  return probed.flat();
}

function tellOf(relay: RelaySetting, probe: RelayProbe): Check[] {
  const about = relay.name;
  if (probe.problem !== null) {
    const says = `no mail would leave through it: ${withoutSecrets(probe.problem)}`;
    return [
      problem('smtp', says, 'correct SMTP_URL, or start that server; offprint replies explain knows its words', about),
    ];
  }
  const lacks = [...encryption(relay, probe), ...login(relay, probe), ...offered(probe, about)];
  const has = ['SIZE', 'SMTPUTF8', 'DSN', 'PIPELINING', '8BITMIME'].filter((word) => probe.offers.has(word));
  const how = `${probe.encrypted ? 'TLS' : 'no TLS'}, ${probe.loggedIn ? 'logged in' : 'no login'}, ${has.join(' ')}`;
  return lacks.length > 0 ? lacks : [ok('smtp', how, about)];
}

function encryption({ name }: RelaySetting, { encrypted }: RelayProbe): Check[] {
  if (encrypted || isOurs(name)) return [];
  const remedy = 'turn STARTTLS on there, or use smtps:// and its port';
  return [warning('smtp', 'mails go there in the clear: it offers no STARTTLS', remedy, name)];
}

function login({ name }: RelaySetting, { loggedIn, offers }: RelayProbe): Check[] {
  if (loggedIn !== null || isOurs(name) || !offers.has('AUTH')) return [];
  return [
    warning('smtp', 'it asks who we are (AUTH), and SMTP_URL has no user', 'put user and password into SMTP_URL', name),
  ];
}

function offered({ offers }: RelayProbe, about: string): Check[] {
  const size = Number(offers.get('SIZE') ?? '');
  return [
    ...(offers.has('SIZE') && size > 0 && size < LEAST_SIZE
      ? [
          problem(
            'smtp',
            `it takes mails of ${size} bytes at most`,
            'raise its limit (message_size_limit of Postfix) to 1 MB or more',
            about,
          ),
        ]
      : []),
    ...(offers.has('SMTPUTF8')
      ? []
      : [
          warning(
            'smtp',
            'it does not offer SMTPUTF8: nothing goes to addresses that are not ASCII',
            'turn SMTPUTF8 on there',
            about,
          ),
        ]),
    ...(offers.has('DSN')
      ? []
      : [
          warning(
            'smtp',
            'it does not offer DSN: who of its own servers gives up late may not be told',
            'turn DSN on there (RFC 3461)',
            about,
          ),
        ]),
  ];
}

/** Tells whether a mail server is on this machine or in a network of ours, by its name. */
export function isOurs(relayName: string): boolean {
  const host = relayName.replace(/:\d+(#\d+)?$/, '').replace(/^\[|\]$/g, '');
  return /^[\d.]+$|:/.test(host) ? !isPublicAddress(host) : !isPublicHost(host);
}
