import { loadDkimKeys } from '../../compose/wire/dkim.ts';
import type { Config } from '../../config.ts';
import { oneLine } from '../../lib/errors.ts';
import { ok, problem, warning, type Check } from './check.ts';

/** Looks at settings that are allowed and yet not what a service for others wants. */
export function checkSettings(config: Config): Check[] {
  const keys = unusableKeys(config);
  if (!isForOthers(config))
    return [
      ...keys,
      warning(
        'settings',
        'SMTP_URL is unset: mails are files in DATA_DIR/outbox, and nobody gets one',
        'set SMTP_URL, PUBLIC_URL, MAIL_FROM and POSTAL_ADDRESS (.env.example) once this is to serve others',
      ),
    ];
  const found = [...wrong(config), ...keys, ...doubtful(config)];
  return found.length > 0 ? found : [ok('settings', 'all are what a service for others wants')];
}

/** Tells whether mail leaves this machine. */
export function isForOthers({ SMTP_URL }: Pick<Config, 'SMTP_URL'>): boolean {
  return SMTP_URL !== undefined;
}

function wrong(config: Config): Check[] {
  const domain = domainOfSender(config);
  return [
    ...(/\.(localdomain|localhost|local|invalid)$/.test(domain) || !domain.includes('.')
      ? [
          problem(
            'settings',
            `MAIL_FROM is at ${domain}, which nobody owns`,
            'set MAIL_FROM to an address at a domain of yours',
          ),
        ]
      : []),
    ...(config.PUBLIC_URL.startsWith('https:')
      ? []
      : [
          problem(
            'settings',
            `PUBLIC_URL is ${config.PUBLIC_URL}: mailboxes leave by one click over https alone (RFC 8058)`,
            'put a proxy that speaks https in front (docs/operate/proxy.md) and set PUBLIC_URL=https://…',
          ),
        ]),
  ];
}

/** No mail goes unsigned where it is to be signed: a key that cannot be used stops them all, and each start. */
function unusableKeys(config: Config): Check[] {
  try {
    loadDkimKeys(config);
    return [];
  } catch (error) {
    const remedy = 'mend the file, or correct DKIM_KEY_FILE or DKIM_ED25519_KEY_FILE';
    return [problem('settings', `no mail can be signed, so none is sent: ${oneLine(error)}`, remedy)];
  }
}

function doubtful(config: Config): Check[] {
  const bare = config.DATABASE_URL !== undefined && config.SECRET === undefined;
  const untold = config.ADMIN_EMAIL === undefined && config.ALARM_URLS.length === 0;
  return [
    ...(config.POSTAL_ADDRESS === ''
      ? [warning('settings', 'POSTAL_ADDRESS is empty; CAN-SPAM and CASL want one in every mail', 'set POSTAL_ADDRESS')]
      : []),
    ...(bare
      ? [
          warning(
            'settings',
            'SECRET is unset: the keys lie bare in the database and in each dump of it',
            'echo "SECRET=$(openssl rand -base64 32)" >> .env, then restart every process',
          ),
        ]
      : []),
    ...(untold
      ? [warning('settings', 'nobody is told when something is wrong', 'set ADMIN_EMAIL, and ALARM_URLS beside it')]
      : []),
  ];
}

/** Returns the domain of MAIL_FROM. */
export function domainOfSender({ MAIL_FROM }: Pick<Config, 'MAIL_FROM'>): string {
  return MAIL_FROM.address.split('@').at(-1) ?? '';
}
