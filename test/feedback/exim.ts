import { spawn } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import type { MailServer, Ways } from './postfix.ts';

/** Where Debian's package `exim4-daemon-light` puts it, or where EXIM says that it lies; only root may start one. */
export const EXIM =
  userInfo().uid === 0 ? [process.env['EXIM'] ?? '', '/usr/sbin/exim4'].find((path) => existsSync(path)) : undefined;

const NOBODY = { uid: 65_534, gid: 65_534 };

function settings(folder: string, port: number, ways: Ways): string {
  const route = (transport: string, domain: string, to: number) => `
${transport}_${to}:
  driver = manualroute
  domains = ${domain}
  route_list = * 127.0.0.1::${to} byname
  transport = ${transport}
  self = send
`;
  const routes = [
    ...Object.entries(ways.smtp).map(([domain, to]) => route('smtp', domain, to)),
    route('lmtp', 'lmtp.example.org', ways.lmtp),
  ];
  return `
exim_path = ${EXIM}
spool_directory = ${folder}/spool
log_file_path = ${folder}/spool/%slog
pid_file_path = ${folder}/spool/exim.pid
exim_user = nobody
exim_group = nogroup
never_users =
deliver_drop_privilege
keep_environment =
primary_hostname = relay.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = ${port}
tls_advertise_hosts =
host_lookup =
rfc1413_hosts =
acl_smtp_rcpt = accept
queue_only_load = 1000
begin routers
${routes.join('')}
pipe:
  driver = accept
  domains = pipe.example.org
  transport = pipe
box:
  driver = accept
  domains = box.example.org
  transport = box
begin transports
smtp:
  driver = smtp
  allow_localhost
lmtp:
  driver = smtp
  protocol = lmtp
  port = ${ways.lmtp}
  allow_localhost
pipe:
  driver = pipe
  command = ${ways.pipe}
  user = nobody
  temp_errors = 75
  envelope_to_add
  message_prefix =
  message_suffix =
box:
  driver = appendfile
  directory = ${folder}/boxes/box.example.org
  maildir_format
  user = nobody
  envelope_to_add
begin retry
* * F,1h,1s
`;
}

/** Starts Exim with a configuration and a spool of its own. */
export async function startExim(port: number, ways: (folder: string) => Ways): Promise<MailServer> {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-exim-'));
  chmodSync(folder, 0o755);
  for (const name of ['spool', 'boxes']) {
    mkdirSync(join(folder, name));
    chownSync(join(folder, name), NOBODY.uid, NOBODY.gid);
  }
  const file = join(folder, 'exim.conf');
  const { pipe, ...rest } = ways(folder);
  // An address may not stand in a command (it is «tainted»): the header says whom a mail is for.
  writeFileSync(file, settings(folder, port, { ...rest, pipe: pipe.replace(' RECIPIENT', '') }));
  const daemon = spawn(EXIM ?? 'exim4', ['-C', file, '-bdf', '-q5s'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  daemon.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const log = () =>
    said +
    ['mainlog', 'paniclog']
      .map((name) => join(folder, 'spool', name))
      .map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : ''))
      .join('');
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries > 100) throw new Error(`Exim does not answer\n${log()}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    boxes: join(folder, 'boxes'),
    log,
    putOff: () => log().match(/ == .*/g)?.length ?? 0,
    flush: () => {
      spawn(EXIM ?? 'exim4', ['-C', file, '-qff'], { stdio: 'ignore' }).unref();
    },
    stop: () => {
      daemon.kill('SIGTERM');
    },
  };
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket
      .once('data', () => {
        resolve(true);
        socket.destroy();
      })
      .once('error', () => resolve(false));
  });
}
