import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { getServers, setServers } from 'node:dns';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { diagnosisAnswer } from '../../src/api/schemas/diagnosis.ts';
import { loadConfig } from '../../src/config.ts';
import type { SourceFetch } from '../../src/context.ts';
import { openLasting } from '../../src/commands/open-lasting.ts';
import { openContext } from '../../src/create-context.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { noteBackup } from '../../src/db/operator/backups.ts';
import { openClient } from '../../src/ingest/asking/client.ts';
import { examine, type Examination } from '../../src/operate/doctor/examine.ts';
import { recordsToPublish } from '../../src/operate/doctor/records.ts';
import { until } from '../support/until.ts';
import { startWeb, type TestWeb } from '../http/web-server.ts';
import { runCli } from '../support/cli.ts';
import { testContext, type TestContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startDns, type TestDns, type Zone } from '../support/dns.ts';
import { startSmtp, type TestSmtp } from '../support/smtp.ts';

const database = testDatabase();
const SITE = 'https://papers.example.org';
const OFFERS = ['SIZE 35882577', '8BITMIME', 'SMTPUTF8', 'DSN', 'PIPELINING'];
const folder = mkdtempSync(join(tmpdir(), 'offprint-doctor-'));
const rsa = keyFile('rsa', 2048);
const weak = keyFile('weak', 1024);
const other = keyFile('other', 2048);

let ctx: TestContext;
let web: TestWeb;
let dns: TestDns;
let relay: { server: Server; port: number; offers: string[] };
let locked: TestSmtp;

beforeAll(async () => {
  ctx = await testContext(database);
  ctx.setNow(new Date());
  await takeBackup(ctx.db, new Date());
  web = await startWeb(ctx);
  relay = await startRelay();
  locked = await startSmtp({ tls: 'starttls' });
  dns = await startDns({});
});
beforeEach(() => {
  dns.zone = zone();
  dns.fault = () => null;
  relay.offers = OFFERS;
});
afterAll(async () => {
  dns.close();
  relay.server.close();
  await locked.close();
  await web.close();
});

/** A backup as the job leaves one. */
async function takeBackup(db: TestContext['db'], at: Date): Promise<void> {
  const of = { name: 'all.zip', scheduled: true, release: '0.1.0', migration: 'x', rows: 1n, bytes: 1n };
  await noteBackup(db, { ...of, takenAt: at, finishedAt: at });
}

/** Writes a private key, and returns its file and what is published of it. */
function keyFile(name: string, modulusLength: number): { file: string; published: string } {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength });
  const file = join(folder, `${name}.pem`);
  writeFileSync(file, privateKey.export({ type: 'pkcs8', format: 'pem' }));
  return { file, published: publicKey.export({ type: 'spki', format: 'der' }).toString('base64') };
}

/** A mail server that is only greeted. */
async function startRelay() {
  const server = createServer((socket) => {
    socket.on('error', () => {}).write('220 relay.test\r\n');
    socket.on('data', (data: Buffer) => {
      const lines = ['relay.test', ...relay.offers].map(
        (line, n, all) => `250${n === all.length - 1 ? ' ' : '-'}${line}`,
      );
      if (/^EHLO/i.test(data.toString())) socket.write(`${lines.join('\r\n')}\r\n`);
      else socket.end('221 bye\r\n');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, port: (server.address() as AddressInfo).port, offers: OFFERS };
}

/** All that a well installation publishes. */
function zone(): Zone {
  return {
    'example.org': ['TXT v=spf1 ip4:192.0.2.0/28 -all', 'TXT something else', 'MX 10 mail.example.org'],
    'bounces.example.org': ['TXT v=spf1 include:example.org ?all', 'MX 10 mail.example.org'],
    'mail.example.org': ['A 192.0.2.10'],
    '10.2.0.192.in-addr.arpa': ['PTR mail.example.org'],
    's1._domainkey.example.org': [`TXT v=DKIM1; k=rsa; p=${rsa.published}`],
    '_dmarc.example.org': ['TXT v=DMARC1; p=reject; rua=mailto:ada@example.org'],
  };
}

const WELL = {
  PUBLIC_URL: SITE,
  MAIL_FROM: 'Offprint <papers@news.example.org>',
  BOUNCE_DOMAIN: 'bounces.example.org',
  POSTAL_ADDRESS: '12 Harbour Street, Brightwater',
  EHLO_NAME: 'mail.example.org',
  ADMIN_EMAIL: 'ada@example.org',
  BACKUP_DIR: folder,
  DATA_DIR: folder,
  SECRET: 'a secret of some length',
  SEND_CONNECTIONS: '1',
  DKIM_DOMAIN: 'example.org',
  DKIM_SELECTOR: 's1',
  DKIM_KEY_FILE: rsa.file,
};

/** Leads what is asked of the site to the pages that run here, as a proxy does. */
const proxied =
  (change: (answer: Response, method: string) => Response | null = () => null): SourceFetch =>
  async (url, options) => {
    const answer = await openClient(ctx.config)(url.replace(SITE, web.base), options);
    return change(answer, options.method ?? 'GET') ?? answer;
  };

/** Keys that are made here, and MJML that is loaded, keep the pages of this process waiting; /healthz tells so. */
const pagesInTime = () => until('the pages answer in time', async () => (await fetch(`${web.base}/healthz`)).ok);
beforeEach(pagesInTime);

async function diagnose(settings: Record<string, string> = {}, parts: Partial<Examination> = {}) {
  await pagesInTime();
  const SMTP_URL = `smtp://127.0.0.1:${relay.port}`;
  const given = {
    SMTP_URL,
    SOURCES: ctx.config.SOURCES.map(({ name, location }) => `${name}=${location}`).join(' '),
    ...WELL,
  };
  const config = loadConfig({ ...given, DATABASE_URL: database.url, ...settings });
  const now = () => new Date();
  const patient = {
    config,
    db: database.db,
    wrapping: { secret: config.SECRET },
    fetchSource: proxied(),
    now,
    dnsServer: dns.server,
  };
  return examine({ ...patient, ...parts });
}

/** What is not as it should be, by name and state. */
const wrong = async (...given: Parameters<typeof diagnose>) =>
  (await diagnose(...given)).filter(({ state }) => state !== 'ok').map(({ name, state }) => `${name} ${state}`);

test('when all is well, then everything was looked at and nothing has a remedy', async () => {
  const checks = await diagnose();
  expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
  expect([...new Set(checks.map(({ name }) => name))]).toEqual([
    ...['settings', 'clock', 'disk', 'database', 'migrations', 'keys', 'vacuum', 'connections', 'backup', 'journal'],
    ...['smtp', 'ehlo', 'ptr', 'spf', 'dkim', 'dmarc', 'bounces', 'pages', 'one-click', 'sources'],
  ]);
  expect(
    recordsToPublish(loadConfig({ SMTP_URL: 'smtp://127.0.0.1', ...WELL })).map(({ name, type }) => `${name} ${type}`),
  ).toEqual([
    ...['bounces.example.org TXT', 's1._domainkey.example.org TXT', '_dmarc.news.example.org TXT'],
    ...['bounces.example.org MX', 'the address that mail leaves from PTR'],
  ]);
});

const WITHOUT = (name: string, like?: string) => () => {
  dns.zone[name] = like === undefined ? [] : (dns.zone[name] ?? []).filter((record) => !record.startsWith(like));
};
const PUBLISH =
  (name: string, ...records: string[]) =>
  () => {
    dns.zone[name] = records;
  };

test.each<[string, string, () => void]>([
  ['no SPF record', 'spf problem', WITHOUT('bounces.example.org', 'TXT')],
  ['two SPF records', 'spf problem', () => dns.zone['bounces.example.org']?.push('TXT v=spf1 -all')],
  [
    'an SPF record for everybody',
    'spf problem',
    PUBLISH('bounces.example.org', 'TXT v=spf1 +all', 'MX 10 mail.example.org'),
  ],
  ['an SPF record for another machine', 'spf problem', PUBLISH('example.org', 'TXT v=spf1 ip4:198.51.100.0/24 -all')],
  ['an SPF record that includes nothing', 'spf problem', PUBLISH('example.org', 'TXT nothing')],
  ['no key', 'dkim problem', WITHOUT('s1._domainkey.example.org')],
  ['another key', 'dkim problem', PUBLISH('s1._domainkey.example.org', `TXT v=DKIM1; k=rsa; p=${other.published}`)],
  ['a revoked key', 'dkim problem', PUBLISH('s1._domainkey.example.org', 'TXT v=DKIM1; p=')],
  ['no DMARC record', 'dmarc problem', WITHOUT('_dmarc.example.org')],
  ['two DMARC records', 'dmarc problem', () => dns.zone['_dmarc.example.org']?.push('TXT v=DMARC1; p=none')],
  [
    'a DMARC record without a policy',
    'dmarc problem',
    PUBLISH('_dmarc.example.org', 'TXT v=DMARC1; rua=mailto:x@example.org'),
  ],
  ['nobody who takes bounces', 'bounces problem', WITHOUT('bounces.example.org', 'MX')],
  ['no PTR record', 'ptr problem', WITHOUT('10.2.0.192.in-addr.arpa')],
  ['another PTR record', 'ptr problem', PUBLISH('10.2.0.192.in-addr.arpa', 'PTR dyn-10.isp.example')],
  [
    'a mail server without SMTPUTF8',
    'smtp warning',
    () => (relay.offers = OFFERS.filter((line) => line !== 'SMTPUTF8')),
  ],
  ['a mail server without DSN', 'smtp warning', () => (relay.offers = OFFERS.filter((line) => line !== 'DSN'))],
  [
    'a mail server that takes small mails alone',
    'smtp problem',
    () => (relay.offers = ['SIZE 50000', ...OFFERS.slice(1)]),
  ],
])('when there is %s, then that is named and nothing else', async (_, named, plant) => {
  plant();
  expect(await wrong()).toEqual([named]);
});

test.each<[string, string[], Record<string, string>]>([
  ['an address that nobody owns', ['settings problem', 'dmarc problem'], { MAIL_FROM: 'papers@offprint.localdomain' }],
  ['pages without https', ['settings problem', 'pages problem'], { PUBLIC_URL: 'http://127.0.0.1:9' }],
  ['no postal address', ['settings warning'], { POSTAL_ADDRESS: '' }],
  ['bare keys', ['settings warning'], { SECRET: '' }],
  ['nobody to be told', ['settings warning'], { ADMIN_EMAIL: '' }],
  ['a key file that is not there', ['settings problem'], { DKIM_KEY_FILE: '/nowhere/key.pem' }],
  ['no signature', ['dkim warning'], { DKIM_DOMAIN: '', DKIM_SELECTOR: '', DKIM_KEY_FILE: '' }],
  ['no mail server that answers', ['smtp problem'], { SMTP_URL: 'smtp://127.0.0.1:9' }],
  ['a name to greet with that leads nowhere', ['ehlo problem'], { EHLO_NAME: 'gone.example.org' }],
  ['more senders than the database has sessions', ['connections warning'], { SEND_CONNECTIONS: '200' }],
])('when the settings have %s, then that is named and nothing else', async (_, named, settings) => {
  expect(await wrong(settings)).toEqual(named);
});

test('when a mail server refuses the password, then its words are told, and the password is not', async () => {
  const url = new URL(locked.url);
  const SMTP_URL = `smtp://ada:open-sesame@127.0.0.1:${url.port}/?requireTLS=true&tls.rejectUnauthorized=false`;
  const checks = await diagnose({ SMTP_URL });
  expect(checks.filter(({ state }) => state !== 'ok')).toMatchObject([
    { name: 'smtp', says: expect.stringContaining('5.7.8') as string },
  ]);
  expect(JSON.stringify(checks)).not.toContain('open-sesame');
});

test('when a weak key signs, then a stronger one is asked for', async () => {
  dns.zone['s1._domainkey.example.org'] = [`TXT v=DKIM1; k=rsa; p=${weak.published}`];
  expect(await wrong({ DKIM_KEY_FILE: weak.file })).toEqual(['dkim warning']);
});

const PEM = { type: 'pkcs8', format: 'pem' } as const;
test.each<[string, () => string | Buffer]>([
  [
    'is locked by a password',
    () => key(2048).privateKey.export({ ...PEM, cipher: 'aes-256-cbc', passphrase: 'open-sesame' }),
  ],
  ['is the public half', () => key(2048).publicKey.export({ type: 'spki', format: 'pem' })],
  ['was cut off', () => key(2048).privateKey.export(PEM).slice(0, 400)],
  ['is shorter than any receiver heeds', () => key(512).privateKey.export(PEM)],
])(
  'when a key %s, then that is named and nothing else, nothing starts on it, and looking goes on; once it is mended the same process signs',
  async (_, made) => {
    const file = join(folder, 'unusable.pem');
    writeFileSync(file, made());
    const settings = { ...WELL, DKIM_KEY_FILE: file };
    const ill = (await diagnose(settings)).filter(({ state }) => state !== 'ok');
    expect(ill).toMatchObject([{ name: 'settings', state: 'problem', says: expect.stringContaining(file) as string }]);
    const config = loadConfig({ ...settings, SECRET: '', DATABASE_URL: database.url });
    const starting = openLasting(config);
    void starting.then((opened) => opened.close()).catch(() => {});
    await expect(starting).rejects.toThrow(`DKIM key ${file}`);
    const process = await openContext(config);
    await expect(process.composer()).rejects.toThrow(`DKIM key ${file}`);
    writeFileSync(file, key(2048).privateKey.export(PEM));
    expect(await process.composer()).toHaveProperty('sign');
    await process.close();
  },
);

function key(modulusLength: number) {
  return generateKeyPairSync('rsa', { modulusLength });
}

test('when clocks differ by an hour, or the proxy keeps POST to itself, then that is named and nothing else', async () => {
  expect(await wrong({}, { now: () => new Date(Date.now() + 3_600_000) })).toEqual(['clock problem']);
  const login = (_: Response, method: string) =>
    method === 'POST' ? new Response('', { status: 302, headers: { location: '/login' } }) : null;
  expect(await wrong({}, { fetchSource: proxied(login) })).toEqual(['one-click problem']);
  const parked = () => new Response('<h1>Welcome to nginx!</h1>');
  expect(await wrong({}, { fetchSource: proxied(parked) })).toEqual(['pages problem']);
});

test('when the database lacks a migration, is away, or its keys do not open, then that is named', async () => {
  await database.db
    .$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name LIKE '%_open_alarms'`;
  expect(await wrong()).toEqual(['migrations problem']);
  await database.db.$executeRaw`UPDATE _prisma_migrations SET rolled_back_at = NULL`;
  expect(await wrong({}, { db: { problem: 'No PostgreSQL answers' } })).toEqual(['database problem']);
  await database.db.$executeRaw`UPDATE keys SET wrapped = true`;
  expect(await wrong()).toEqual(['keys problem']);
  await database.db.$executeRaw`UPDATE keys SET wrapped = false`;
});

test('when a replica keeps up, then that is said; where it does not answer, that is named and nothing else', async () => {
  const checks = await diagnose({}, { replica: database.db });
  expect(checks.filter(({ name }) => name === 'replica')).toMatchObject([{ state: 'ok' }]);
  const pool = openPool('postgresql://postgres:open-sesame@127.0.0.1:9/none', 1, () => {});
  const away = await diagnose({}, { replica: openPrisma(pool) });
  await pool.end();
  expect(away.filter(({ state }) => state !== 'ok')).toMatchObject([
    { name: 'replica', state: 'warning', remedy: expect.stringContaining('DATABASE_READ_URL') as string },
  ]);
  expect(JSON.stringify(away)).not.toContain('open-sesame');
});

test('when a source fails, then that is named and nothing else', async () => {
  const [source] = ctx.config.SOURCES;
  const failing = { failingSince: new Date('2026-01-01'), failure: 'answered 503' };
  await database.db.source.create({ data: { name: source!.name, ...failing } });
  await database.db.sourceDay.create({ data: { source: source!.name, day: new Date('2026-01-01'), answered: false } });
  expect(await wrong()).toEqual(['sources problem']);
  await database.db.source.deleteMany();
});

test('when a source failed when it was last asked, then that is told, and only one that answered is said to answer', async () => {
  const { name } = ctx.config.SOURCES[0]!;
  const check = async () => (await diagnose()).filter(({ name }) => name === 'sources');
  expect(await check()).toMatchObject([{ state: 'ok', says: 'was not asked yet' }]);
  const since = new Date(Date.now() - 60_000);
  await database.db.source.create({ data: { name, failingSince: since, failure: 'answered 503' } });
  expect(await check()).toMatchObject([
    { state: 'warning', says: 'failed when it was last asked: answered 503', remedy: 'offprint sources', about: name },
  ]);
  await database.db.source.update({ where: { name }, data: { failingSince: null, failure: null, lastNewAt: since } });
  expect(await check()).toMatchObject([{ state: 'ok', says: 'was not asked yet' }]);
  await database.db.source.update({ where: { name }, data: { lastSuccessAt: since } });
  expect(await check()).toMatchObject([{ state: 'ok', says: 'answers' }]);
  await database.db.source.deleteMany();
});

test('when backups are old or none is taken, then that is told, with what helps', async () => {
  expect(await wrong({}, { now: () => new Date(Date.now() + 49 * 3_600_000) })).toEqual(
    expect.arrayContaining(['backup problem']),
  );
  expect(await wrong({ BACKUP_DIR: '' })).toEqual(['backup warning']);
  await database.db.backup.deleteMany();
  const checks = await diagnose();
  expect(checks.find(({ name }) => name === 'backup')).toMatchObject({
    ...{ state: 'warning', says: 'none is known', remedy: 'offprint run backup' },
  });
  await takeBackup(database.db, new Date());
});

test('when no journal is kept, or it cannot be written, then that is told', async () => {
  expect(await wrong({ JOURNAL_DIR: 'off' })).toEqual(['journal warning']);
  const none = join(folder, 'no-folder');
  writeFileSync(none, '');
  expect(await wrong({ JOURNAL_DIR: none })).toEqual(['journal problem']);
});

test('when the name service does not answer, then that is the one thing to mend', async () => {
  expect(await wrong({}, { dnsServer: '127.0.0.1:9' })).toEqual(['dns problem']);
});

test('when one name is not answered for, then that is the problem of what asks for it, and all else is looked at', async () => {
  const SERVFAIL = 2;
  for (const [name, named] of [
    ['10.2.0.192.in-addr.arpa', ['ptr problem']],
    ['example.org', ['spf problem']],
    ['s1._domainkey.example.org', ['dkim problem']],
    ['_dmarc.example.org', ['dmarc problem']],
    ['mail.example.org', ['ehlo problem', 'spf problem']],
  ] as const) {
    dns.fault = (asked) => (asked === name ? SERVFAIL : null);
    expect([name, await wrong()]).toEqual([name, named]);
  }
});

test('when the server of our own domains is asked, which refuses all others, then those are asked of the name service of this machine', async () => {
  const REFUSED = 5;
  dns.fault = (name) => (/(^|\.)example\.org$/.test(name) ? null : REFUSED);
  dns.zone['bounces.example.org'] = ['TXT v=spf1 include:_spf.provider.example -all', 'MX 10 mail.example.org'];
  const { '10.2.0.192.in-addr.arpa': ptr = [] } = dns.zone;
  const all = await startDns({
    '10.2.0.192.in-addr.arpa': ptr,
    '_spf.provider.example': ['TXT v=spf1 ip4:192.0.2.0/28 -all'],
  });
  const before = getServers();
  setServers([all.server]);
  try {
    expect(await wrong()).toEqual([]);
    dns.fault = () => REFUSED;
    expect(await wrong()).toEqual(['dns problem']);
  } finally {
    setServers(before);
    all.close();
  }
});

test('when the command runs, then it tells by its exit code, as one object, and settings that cannot be used are a problem too', async () => {
  const fresh = await runCli(['doctor'], { url: database.url });
  expect([fresh.code, fresh.stdout]).toEqual([0, expect.stringContaining('SMTP_URL is unset') as string]);
  const settings = { ...WELL, SMTP_URL: 'smtp://ada:open-sesame@127.0.0.1:9', PUBLIC_URL: 'https://127.0.0.1:9' };
  const ill = await runCli(['doctor', '--json', '--dns', dns.server], { url: database.url, settings });
  const told = diagnosisAnswer.parse(ill.json()[0]);
  expect([ill.code, told.well]).toEqual([1, false]);
  expect(told.checks.filter(({ state }) => state === 'problem').map(({ name }) => name)).toEqual(['smtp', 'pages']);
  expect(told.dns.find(({ name }) => name.startsWith('s1.'))?.value).toBe(`v=DKIM1; k=rsa; p=${rsa.published}`);
  expect(ill.stdout + ill.stderr).not.toContain('open-sesame');
  const broken = await runCli(['doctor'], { url: database.url, settings: { PORT: 'http' } });
  expect([broken.code, broken.stdout]).toEqual([1, expect.stringContaining('PORT=http') as string]);
});
