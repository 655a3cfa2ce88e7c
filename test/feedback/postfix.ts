import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where Debian's package `postfix` puts it; only root may start one. */
export const POSTFIX = userInfo().uid === 0 ? ['/usr/sbin/postfix'].find((path) => existsSync(path)) : undefined;

/** Where a mail server brings mail to: that for `box.example.org` goes into a Maildir of that name. */
export interface Ways {
  /** Ports of this machine that speak SMTP, by the domain. */
  smtp: Record<string, number>;
  /** The port for `lmtp.example.org`. */
  lmtp: number;
  /** The command that mail for `pipe.example.org` is piped into, as nobody; RECIPIENT stands for whom it is for. */
  pipe: string;
}

/** A real mail server on a port of this machine. */
export interface MailServer {
  /** The folder of the Maildirs. */
  boxes: string;
  log: () => string;
  /** How often something was put off. */
  putOff: () => number;
  /** Tries again what was. */
  flush: () => void;
  stop: () => void;
}

const SERVICES = [
  'pickup unix n - n 60 1 pickup',
  'cleanup unix n - n - 0 cleanup',
  'qmgr unix n - n 300 1 qmgr',
  'tlsmgr unix - - n 1000? 1 tlsmgr',
  'rewrite unix - - n - - trivial-rewrite',
  ...['bounce', 'defer', 'trace'].map((name) => `${name} unix - - n - 0 bounce`),
  'verify unix - - n - 1 verify',
  'flush unix n - n 1000? 0 flush',
  'proxymap unix - - n - - proxymap',
  'smtp unix - - n - - smtp',
  'relay unix - - n - - smtp',
  'lmtp unix - - n - - lmtp',
  'virtual unix - n n - - virtual',
  'error unix - - n - - error',
  'retry unix - - n - - error',
  'discard unix - - n - - discard',
  'showq unix n - n - - showq',
  'anvil unix - - n - 1 anvil',
  'scache unix - - n - 1 scache',
  'postlog unix-dgram n - n - 1 postlogd',
];

/** Starts Postfix with a configuration and a queue of its own. */
export function startPostfix(port: number, waysIn: (folder: string) => Ways): Promise<MailServer> {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-postfix-'));
  chmodSync(folder, 0o755);
  for (const name of ['queue', 'data', 'boxes']) mkdirSync(join(folder, name));
  execFileSync('chown', ['postfix', join(folder, 'data')]);
  execFileSync('chown', ['nobody', join(folder, 'boxes')]);
  const ways = waysIn(folder);
  const settings = {
    compatibility_level: '3.6',
    queue_directory: join(folder, 'queue'),
    data_directory: join(folder, 'data'),
    command_directory: '/usr/sbin',
    daemon_directory: '/usr/lib/postfix/sbin',
    mail_owner: 'postfix',
    setgid_group: 'postdrop',
    myhostname: 'relay.example.org',
    mydestination: '',
    mynetworks: '127.0.0.0/8',
    inet_interfaces: '127.0.0.1',
    inet_protocols: 'ipv4',
    disable_dns_lookups: 'yes',
    smtpd_relay_restrictions: 'permit_mynetworks,reject',
    transport_maps: `texthash:${join(folder, 'transport')}`,
    virtual_mailbox_domains: 'box.example.org',
    virtual_mailbox_base: join(folder, 'boxes'),
    virtual_mailbox_maps: 'static:box.example.org/',
    virtual_uid_maps: 'static:65534',
    virtual_gid_maps: 'static:65534',
    virtual_minimum_uid: '1000',
    recipient_delimiter: '',
    maillog_file: join(folder, 'mail.log'),
    maillog_file_prefixes: folder,
    minimal_backoff_time: '1s',
    maximal_backoff_time: '2s',
    queue_run_delay: '1s',
  };
  const services = [
    `127.0.0.1:${port} inet n - n - - smtpd`,
    ...SERVICES,
    `pipe unix - n n - 4 pipe\n  flags=R user=nobody argv=${ways.pipe.replace('RECIPIENT', '${recipient}')}`,
  ];
  const write = (name: string, lines: string[]) => writeFileSync(join(folder, name), `${lines.join('\n')}\n`);
  write(
    'main.cf',
    Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
  );
  write('master.cf', services);
  write('transport', [
    ...Object.entries(ways.smtp).map(([domain, to]) => `${domain} smtp:[127.0.0.1]:${to}`),
    `lmtp.example.org lmtp:inet:127.0.0.1:${ways.lmtp}`,
    'pipe.example.org pipe:',
  ]);
  const run = (command: string) => spawnSync(POSTFIX ?? 'postfix', ['-c', folder, command], { encoding: 'utf8' });
  const log = () => (existsSync(join(folder, 'mail.log')) ? readFileSync(join(folder, 'mail.log'), 'utf8') : '');
  const started = run('start');
  if (started.status !== 0) throw new Error(`${started.stdout}${started.stderr}${log()}`);
  return Promise.resolve({
    boxes: join(folder, 'boxes'),
    log,
    putOff: () => log().match(/status=deferred/g)?.length ?? 0,
    flush: () => void run('flush'),
    stop: () => void run('stop'),
  });
}
