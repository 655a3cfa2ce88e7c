import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parseImapUrl } from '../src/model/imap-mailbox.ts';
import { loadConfig, PACKAGE_ROOT } from '../src/config.ts';
import { fileSettingOf, isSecret } from '../src/given-settings.ts';
import { settingsInForce } from '../src/operate/settings-in-force.ts';
import { settingsSchema } from '../src/settings.ts';

describe('loadConfig', () => {
  test('when nothing is set, then the documented defaults hold', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      PORT: 3000,
      PUBLIC_URL: 'http://localhost:3000',
      DATA_DIR: join(PACKAGE_ROOT, 'data'),
      MAX_PAPERS: 10,
      CONTENT_DAYS: 14,
      LATE_HOURS: 12,
      RETRY_MINUTES: [5, 30, 120],
      LEASE_SECONDS: 60,
      SMTP_TIMEOUT_SECONDS: 600,
      ON_UNCERTAIN: 'hold',
      SCHEDULER: 'on',
    });
    expect(loadConfig({ WARM_UP: '50,100', QUIET_HOURS: '22-07' })).toMatchObject({
      WARM_UP: [50, 100],
      QUIET_HOURS: { from: 22, to: 7 },
    });
    expect(config.SOURCES).toEqual([{ name: 'samples', location: join(PACKAGE_ROOT, 'seeds', 'digests') }]);
    expect(Object.isFrozen(config)).toBe(true);
  });

  test('when a value cannot be used, then the error names the setting, the value and what was expected', () => {
    expect(() => loadConfig({ PORT: 'http' })).toThrow(/PORT=http/);
    expect(() => loadConfig({ MAX_PAPERS: '51' })).toThrow(/MAX_PAPERS=51/);
    expect(() => loadConfig({ MAIL_FROM: 'nobody' })).toThrow(/MAIL_FROM=nobody: expected an address/);
    expect(() => loadConfig({ SOURCES: 'nature' })).toThrow(
      /SOURCES=nature: «nature»: expected name=folder, name=URL, or one of hf/,
    );
    expect(() => loadConfig({ RETRY_MINUTES: '5;30' })).toThrow(/RETRY_MINUTES=5;30: expected minutes/);
    expect(() => loadConfig({ RETRY_MINUTES: '5,0' })).toThrow(/RETRY_MINUTES=5,0: expected minutes above 0/);
    expect(() => loadConfig({ DKIM_DOMAIN: 'example.org' })).toThrow(/all three/);
    expect(() => loadConfig({ EMBEDDINGS_URL: 'http://127.0.0.1:11434/v1/embeddings' })).toThrow(/EMBEDDINGS_MODEL/);
    expect(() => loadConfig({ EMBEDDINGS_MODEL: 'nomic-embed-text' })).toThrow(/EMBEDDINGS_URL/);
    expect(() => loadConfig({ WARM_UP: '50,0' })).toThrow(/WARM_UP=50,0: expected mails a day/);
    expect(() => loadConfig({ QUIET_HOURS: '22-24' })).toThrow(/QUIET_HOURS=22-24: expected two different full hours/);
    expect(() => loadConfig({ QUIET_HOURS: '7-7' })).toThrow(/QUIET_HOURS=7-7/);
  });

  test('when a secret is wrong, then the error does not repeat it', () => {
    expect(() => loadConfig({ SMTP_URL: 'ftp://user:hunter2@host' })).toThrow(/SMTP_URL: expected an SMTP URL/);
    expect(() => loadConfig({ SMTP_URL: 'ftp://user:hunter2@host' })).not.toThrow(/hunter2/);
    const embeddings = { EMBEDDINGS_URL: 'https://user:hunter2@host/v1', EMBEDDINGS_MODEL: 'm' };
    expect(() => loadConfig(embeddings)).toThrow(/EMBEDDINGS_URL: expected a URL without a name or password/);
    expect(() => loadConfig(embeddings)).not.toThrow(/hunter2/);
  });

  test.each([
    [{ BOUNCE_IMAP_URL: 'imap.example.org' }, /BOUNCE_IMAP_URL: expected imaps:\/\/user:password@host\/Folder/],
    [{ BOUNCE_IMAP_URL: 'https://ada:hunter2@mail.example.org' }, /BOUNCE_IMAP_URL: expected imaps/],
    [{ BOUNCE_SMTP_PORT: '2525' }, /BOUNCE_SMTP_PORT needs BOUNCE_DOMAIN/],
    [{ BOUNCE_SMTP_CERT_FILE: 'cert.pem' }, /both BOUNCE_SMTP_CERT_FILE and BOUNCE_SMTP_KEY_FILE/],
    [{ WEBHOOK_SES_TOPIC_ARN: 'feedback' }, /expected the ARN of a topic/],
    [{ WEBHOOK_SENDGRID_PUBLIC_KEY: 'hunter2' }, /expected the public key as SendGrid shows it/],
    [{ WEBHOOK_POSTMARK_LOGIN: 'ada:hunter2' }, /at least 12 characters behind the colon/],
    [{ WEBHOOK_SECRET: 'whsec_hunter2' }, /expected 24 to 64 bytes as base64/],
  ])('when a door of feedback is set as %j, then it is refused by name', (settings, words) => {
    const load = () => loadConfig(settings);
    expect(load).toThrow(words);
    expect(load).not.toThrow(/hunter2/);
  });

  test.each([
    [{ BOUNCE_DOMAIN: 'bounces@example.org' }, 'BOUNCE_DOMAIN: expected a domain such as bounces.example.org'],
    [{ BOUNCE_DOMAIN: 'https://bounces.example.org' }, 'BOUNCE_DOMAIN: expected a domain such as'],
    [{ BOUNCE_DOMAIN: 'bounces example.org' }, 'BOUNCE_DOMAIN=bounces example.org: expected a domain such as'],
    [{ BOUNCE_DOMAIN: 'bounces' }, 'BOUNCE_DOMAIN=bounces: expected a domain such as'],
    [{ DKIM_DOMAIN: '@example.org' }, 'DKIM_DOMAIN: expected a domain such as'],
    [{ DKIM_SELECTOR: 's 1' }, 'DKIM_SELECTOR=s 1: expected a selector such as s1'],
    [{ DKIM_SELECTOR: 's1..mail' }, 'DKIM_SELECTOR=s1..mail: expected a selector'],
    [{ DKIM_ED25519_SELECTOR: '-e1' }, 'DKIM_ED25519_SELECTOR=-e1: expected a selector'],
  ])('when %j names what no mail server could look up, then the start is refused by name', (settings, words) => {
    expect(() => loadConfig(settings)).toThrow(words);
  });

  test('when domains and selectors can be looked up, then domains are in small letters and ASCII, and nothing is none', () => {
    const dkim = { DKIM_DOMAIN: 'Bücher.Example', DKIM_SELECTOR: 's1.mail_2', DKIM_KEY_FILE: 'key.pem' };
    const config = loadConfig({ BOUNCE_DOMAIN: ' Bounces.Example.ORG ', ...dkim });
    expect(config).toMatchObject({ BOUNCE_DOMAIN: 'bounces.example.org', DKIM_DOMAIN: 'xn--bcher-kva.example' });
    expect(config.DKIM_SELECTOR).toBe('s1.mail_2');
    const none = loadConfig({ BOUNCE_DOMAIN: '', DKIM_DOMAIN: ' ', DKIM_SELECTOR: '', DKIM_ED25519_SELECTOR: '' });
    const left = [none.BOUNCE_DOMAIN, none.DKIM_DOMAIN, none.DKIM_SELECTOR, none.DKIM_ED25519_SELECTOR];
    expect(left.filter((one) => one !== undefined)).toEqual([]);
  });

  test('when a mailbox of bounces is named, then its parts are read', () => {
    expect(parseImapUrl('imaps://ada%40example.org:s%2Fcret@mail.example.org/Bounces')).toEqual({
      host: 'mail.example.org',
      port: 993,
      secure: true,
      user: 'ada@example.org',
      password: 's/cret',
      path: 'Bounces',
    });
    expect(parseImapUrl('imap://ada:secret@[::1]:1143')).toMatchObject({
      host: '::1',
      port: 1143,
      secure: false,
      path: 'INBOX',
    });
  });

  test.each([
    ['DATABSE_URL', 'DATABASE_URL'],
    ['SMPT_URL', 'SMTP_URL'],
    ['SOURCE', 'SOURCES'],
    ['MAX_PAPER', 'MAX_PAPERS'],
    ['PUBLIC_URI', 'PUBLIC_URL'],
    ['SECRETS', 'SECRET'],
    ['PORTS', 'PORT'],
  ])(
    'when %s stands in the environment, then a warning asks whether %s was meant; in .env it stops',
    (wrong, meant) => {
      const said = `${wrong}: no such setting; did you mean ${meant}?`;
      const warnings: string[] = [];
      const warn = (line: string) => warnings.push(line);
      const config = loadConfig({ [wrong]: 'x', PORT: '81' }, { warn });
      expect([config.PORT, warnings]).toEqual([81, [`${said} It is ignored.`]]);
      expect(() => loadConfig({}, { file: { [wrong]: 'x' }, warn })).toThrow(said);
      expect(warnings).toHaveLength(1);
    },
  );

  test('when a setting stands in .env and in the environment, then the environment wins', () => {
    const file = { PORT: '81', MAX_PAPERS: '7' };
    expect(loadConfig({ PORT: '82' }, { file })).toMatchObject({ PORT: 82, MAX_PAPERS: 7 });
  });

  test.each([
    'https://papers.example.org/papers',
    'https://papers.example.org/a/b/',
    'http://localhost:3000/x',
    'https://papers.example.org/?lang=de',
    'https://papers.example.org/#top',
    'https://ada:hunter2@papers.example.org',
  ])('when PUBLIC_URL is %s, then the start is refused with what to name instead', (url) => {
    const load = () => loadConfig({ PUBLIC_URL: url });
    expect(load).toThrow(`expected a name of its own without a path, such as ${new URL(url).origin}:`);
    expect(load).not.toThrow(/hunter2/);
  });

  test.each([
    ['https://papers.example.org', 'https://papers.example.org'],
    ['HTTPS://Papers.Example.org//', 'https://papers.example.org'],
    ['http://localhost:0/', 'http://localhost:0'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('when PUBLIC_URL is %s, then links start with %s', (given, base) => {
    expect(loadConfig({ PUBLIC_URL: given }).PUBLIC_URL).toBe(base);
  });

  test('when unrelated variables are set, then they pass', () => {
    expect(() =>
      loadConfig({ PATH: '/bin', HOME: '/root', HOSTNAME: 'x', PORTAL: 'y', npm_config_x: '1' }),
    ).not.toThrow();
  });

  test('when .env.example is read, then it documents every setting, no other, and its defaults are the real ones', () => {
    const text = readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8');
    const lines = text.split('\n').filter((line) => /^[A-Z]/.test(line));
    const example = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
    );
    expect(Object.keys(example).sort()).toEqual(Object.keys(settingsSchema.shape).sort());
    expect(loadConfig(example)).toEqual(loadConfig({}));
  });

  test('when docker compose starts it, then every setting reaches the containers, and no secret stands in the file', () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'docker-compose.yml'), 'utf8');
    const block = /environment: &settings\n([\s\S]*?)\n {2}volumes:/.exec(text)?.[1] ?? '';
    const passed = [...block.matchAll(/^ {4}([A-Z_0-9]+):/gm)].map((found) => found[1]);
    const files = Object.keys(settingsSchema.shape).filter(isSecret).map(fileSettingOf);
    expect(passed.sort()).toEqual([...Object.keys(settingsSchema.shape), ...files].sort());
    expect(block).toMatch(/^ {4}SECRET: \$\{SECRET:-\}$/m);
    expect(block).toMatch(/^ {4}TRUST_PROXY: \$\{TRUST_PROXY:-0\}$/m);
  });

  test.each<[string, Env, string, string]>([
    ['nothing but a password', {}, '3000', 'mail:2525'],
    ['a copy of .env.example', readEnvExample(), '3000', 'mail:2525'],
    ['another port', { ...readEnvExample(), PORT: '8080' }, '8080', 'mail:2525'],
    ['a mail server', { ...readEnvExample(), SMTP_URL: 'smtp://mail.example.org:587' }, '3000', 'mail.example.org:587'],
  ])(
    'when docker compose starts it with %s in .env, then links lead to the open port, and mails to a server',
    (_, env, port, server) => {
      const text = readFileSync(join(PACKAGE_ROOT, 'docker-compose.yml'), 'utf8');
      const config = loadConfig(settingsByCompose(text, { ...env, POSTGRES_PASSWORD: 'a-long-one' }));
      expect(config.PUBLIC_URL).toBe(`http://localhost:${port}`);
      expect(config.SMTP_URL?.map(({ name }) => name)).toEqual([server]);
      const [, ports = ''] = /^ {4}ports: \['(.*)'\]$/m.exec(text) ?? [];
      expect(filledIn(ports, env)).toBe(`${port}:${config.PORT}`);
    },
  );
});

type Env = Record<string, string | undefined>;

function readEnvExample(): Env {
  return parseEnv(readFileSync(join(PACKAGE_ROOT, '.env.example'), 'utf8'));
}

/** Fills in a text of the compose file as Compose does: `:-` stands in for what is empty, `-` for what is not set. */
function filledIn(text: string, env: Env): string {
  const setting = /\$\{(\w+)(?:(:?)[-?]([^}]*))?\}/g;
  return text.replaceAll(setting, (_, name: string, orEmpty?: string, otherwise?: string) => {
    const value = orEmpty ? env[name] || otherwise : (env[name] ?? otherwise);
    return value ?? '';
  });
}

/** Lists the settings that reach the containers; one without a value passes from `.env` as it is. */
function settingsByCompose(text: string, env: Env): Env {
  const [, block = ''] = /environment: &settings\n([\s\S]*?)\n {2}volumes:/.exec(text) ?? [];
  const lines = [...block.matchAll(/^ {4}([A-Z_0-9]+):(?: (.*))?$/gm)];
  return Object.fromEntries(lines.map(([, name = '', value]) => [name, value ? filledIn(value, env) : env[name]]));
}

describe('secrets in files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-secrets-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const URL_OF = (scheme: string) => `${scheme}://ada:hunter2hunter2@host.example.org:587`;
  test.each([
    ['DATABASE_URL', URL_OF('postgresql')],
    ['SMTP_URL', URL_OF('smtp')],
    ['SOURCES', 'hf'],
    ['HTTPS_PROXY', URL_OF('http')],
    ['HTTP_PROXY', URL_OF('http')],
    ['SECRET', 'hunter2hunter2hunter2'],
    ['METRICS_TOKEN', 'hunter2hunter2hunter2'],
    ['EMBEDDINGS_KEY', 'hunter2hunter2hunter2'],
    ['HEARTBEAT_URL', 'https://hc.example.org/hunter2hunter2'],
    ['ALARM_URLS', 'ntfy://ntfy.sh/hunter2hunter2'],
  ] as const)('when %s lies in a file, then it is read there', (name, value) => {
    const path = file(name, `${value}\n`);
    expect(loadConfig({ [`${name}_FILE`]: path })[name]).toEqual(loadConfig({ [name]: value })[name]);
  });

  test.each(Object.keys(settingsSchema.shape).filter(isSecret))(
    'when %s is set and lies in a file too, then both are named and neither value is',
    (name) => {
      const given = { [`${name}_FILE`]: file(name, 'hunter2hunter2hunter2') };
      const both = () => loadConfig({ ...given, [name]: 'hunter2hunter2hunter2' });
      expect(both).toThrow(`${name}_FILE: ${name} is set as well; expected one of the two`);
      if (name !== 'SOURCES') expect(both).not.toThrow(/hunter2/);
      expect(() => loadConfig(given, { file: { [name]: 'hunter2hunter2hunter2' } })).toThrow(/expected one of the two/);
    },
  );

  test('when a file is missing, empty or holds what cannot be used, then that is said without its value', () => {
    expect(() => loadConfig({ SECRET_FILE: join(folder, 'none') })).toThrow(
      /SECRET_FILE: .*none cannot be read \(ENOENT\)/,
    );
    expect(() => loadConfig({ SECRET_FILE: file('empty', '\n') })).toThrow(/SECRET_FILE: .*empty is empty/);
    const wrong = () => loadConfig({ SMTP_URL_FILE: file('wrong', 'ftp://ada:hunter2@host') });
    expect(wrong).toThrow(/SMTP_URL: expected an SMTP URL/);
    expect(wrong).not.toThrow(/hunter2/);
    expect(() => loadConfig({}, { file: { SECRETS_FILE: 'x' } })).toThrow('did you mean SECRET_FILE?');
  });

  test('when settings are told, then each has the value in force and where it comes from, and opens nothing', () => {
    const config = loadConfig(
      {
        ...{ PORT: '81', MAX_PAPERS: '7', https_proxy: 'ada:hunter2hunter2@proxy.example.org:3128' },
        SMTP_URL: 'smtp://ada:hunter2hunter2@one.example.org, smtps://bob:hunter2hunter2@two.example.org:465?weight=3',
        DATABASE_URL_FILE: file('db', 'postgresql://offprint:hunter2hunter2@db.example.org/offprint?sslmode=require'),
        SOURCES: 'hf own=https://lists.example.org/day.json?key=hunter2hunter2 lab=/srv/digests',
        METRICS_TOKEN: 'hunter2hunter2hunter2',
      },
      { file: { PORT: '82', LATE_HOURS: '6' } },
    );
    const changedAt = new Date('2026-01-05T12:00:00Z');
    const changed = new Map(
      Object.entries({ QUIET_HOURS: '22-7', LATE_HOURS: '3', ON_UNCERTAIN: 'nonsense' }).map(([name, value]) => [
        name,
        { name, value, changedAt },
      ]),
    );
    const told = settingsInForce(config, changed);
    expect(told.map(({ name }) => name)).toEqual(Object.keys(settingsSchema.shape));
    const of = Object.fromEntries(told.map(({ name, value, from }) => [name, [value, from]]));
    expect(of).toMatchObject({
      PORT: ['81', 'environment'],
      LATE_HOURS: ['6', '.env'],
      QUIET_HOURS: ['22-7', 'admin'],
      ON_UNCERTAIN: ['hold', 'default'],
      RETRY_MINUTES: ['5,30,120', 'default'],
      PUBLIC_URL: ['http://localhost:81', 'default'],
      ADMIN_EMAIL: [null, 'default'],
      DATABASE_URL: ['postgresql://••••••@db.example.org/offprint?sslmode=require', 'file'],
      SMTP_URL: ['smtp://••••••@one.example.org smtps://••••••@two.example.org:465', 'environment'],
      HTTPS_PROXY: ['http://••••••@proxy.example.org:3128/', 'environment'],
      METRICS_TOKEN: ['••••••', 'environment'],
    });
    expect(of['SOURCES']?.[0]).toContain('own=https://lists.example.org/day.json?key=… lab=/srv/digests');
    expect(JSON.stringify(told)).not.toContain('hunter2');
  });
});
