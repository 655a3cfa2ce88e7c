import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

/** Where Debian's package `dovecot-imapd` puts it. */
export const DOVECOT = ['/usr/sbin/dovecot', '/usr/local/sbin/dovecot'].find((path) => existsSync(path));

/** A real mailbox server on a port of this machine. */
export interface Dovecot {
  port: number;
  /** Where it speaks TLS from the start; 0 where it has no certificate. */
  tlsPort: number;
  /** Puts a mail into the mailbox, as a delivery agent does. */
  deliver: (mail: string) => void;
  /** The mails of a folder, INBOX where none is named; none may be moving. */
  mails: (folder?: string) => string[];
  /** How many lie in INBOX. */
  count: () => number;
  /** Gives the mailbox another life: all its numbers mean something else (UIDVALIDITY). */
  forgetNumbers: () => void;
  stop: () => Promise<void>;
  start: () => Promise<void>;
}

/** It takes mail of anybody but root. */
const isRoot = userInfo().uid === 0;
const owner = isRoot ? { uid: 65_534, gid: 65_534, name: 'nobody', group: 'nogroup' } : null;

/** A certificate with its key, as PEM. */
interface Certificate {
  cert: string;
  key: string;
}

function settings(folder: string, port: number, tlsPort: number): string {
  const { uid, gid, username } = userInfo();
  const user = owner?.name ?? username;
  return `
protocols = imap
base_dir = ${folder}/run
state_dir = ${folder}/run
listen = 127.0.0.1
log_path = ${folder}/log
${tlsPort === 0 ? 'ssl = no' : `ssl = yes\nssl_cert = <${folder}/cert.pem\nssl_key = <${folder}/key.pem`}
disable_plaintext_auth = no
default_internal_user = ${user}
default_login_user = ${user}
${owner ? `default_internal_group = ${owner.group}` : ''}
first_valid_uid = 1
mail_location = maildir:${folder}/Maildir
namespace inbox {
  inbox = yes
  separator = /
}
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${owner?.uid ?? uid} gid=${owner?.gid ?? gid} home=${folder}
}
service anvil {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tlsPort}
    ssl = yes
  }
}
service stats {
  chroot =
}
`;
}

/** Starts Dovecot as an ordinary user, with a configuration of its own. */
export async function startDovecot(certificate?: Certificate): Promise<Dovecot> {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-dovecot-'));
  const maildir = join(folder, 'Maildir');
  for (const name of ['run', 'Maildir', 'Maildir/new', 'Maildir/cur', 'Maildir/tmp']) mkdirSync(join(folder, name));
  const own = (path: string) => owner && chownSync(path, owner.uid, owner.gid);
  for (const name of ['', 'run', 'Maildir', 'Maildir/new', 'Maildir/cur', 'Maildir/tmp']) own(join(folder, name));
  const port = await freePort();
  const tlsPort = certificate ? await freePort() : 0;
  for (const [name, pem] of Object.entries(certificate ?? {})) writeFileSync(join(folder, `${name}.pem`), `${pem}\n`);
  for (const name of Object.keys(certificate ?? {})) own(join(folder, `${name}.pem`));
  writeFileSync(join(folder, 'dovecot.conf'), settings(folder, port, tlsPort));
  let running: ChildProcess | null = null;
  let count = 0;
  const dovecot: Dovecot = {
    port,
    tlsPort,
    deliver: (mail) => {
      const name = `${1_767_600_000 + count}.${++count}.host`;
      writeFileSync(join(maildir, 'tmp', name), mail);
      own(join(maildir, 'tmp', name));
      renameSync(join(maildir, 'tmp', name), join(maildir, 'new', name)); // whole, or not there at all
    },
    mails: (name) => mailsOf(name === undefined ? maildir : join(maildir, `.${name.replaceAll('/', '.')}`)),
    count: () => ['new', 'cur'].reduce((sum, name) => sum + readdirSync(join(maildir, name)).length, 0),
    forgetNumbers: () => {
      for (const name of readdirSync(maildir)) if (/^dovecot/.test(name)) rmSync(join(maildir, name));
    },
    stop: async () => {
      if (!running?.pid) return;
      const ended = new Promise((resolve) => running?.once('exit', resolve));
      process.kill(-running.pid, 'SIGKILL'); // it and the processes that it started
      await ended;
      rmSync(join(folder, 'run', 'master.pid'), { force: true });
      running = null;
    },
    start: async () => {
      const ids = owner ? { uid: owner.uid, gid: owner.gid } : {};
      running = spawn(DOVECOT ?? 'dovecot', ['-F', '-c', join(folder, 'dovecot.conf')], {
        ...ids,
        detached: true,
        stdio: 'ignore',
      });
      await answers(port).catch((error: unknown) => {
        const log = existsSync(join(folder, 'log')) ? readFileSync(join(folder, 'log'), 'utf8') : 'no log';
        throw new Error(`${String(error)}\n${log}`);
      });
    },
  };
  await dovecot.start();
  return dovecot;
}

function mailsOf(folder: string): string[] {
  return ['new', 'cur'].flatMap((name) => {
    const path = join(folder, name);
    return existsSync(path) ? readdirSync(path).map((file) => readFileSync(join(path, file), 'utf8')) : [];
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function answers(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const greeting = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('data', (chunk) => (resolve(chunk.toString()), socket.destroy())).once('error', () => resolve(''));
    });
    if (greeting.startsWith('* OK')) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('Dovecot does not answer');
}

/** Stands between a client and a server, and cuts the line where it is told to. */
export interface Cutter {
  port: number;
  /** Cuts after so many things that the client says, before or after the server hears the last; null: never. */
  cutAt: (count: number | null, how: 'before' | 'after') => void;
  /** How often a line was cut. */
  cuts: number;
  close: () => Promise<void>;
}

/** Starts what cuts lines to a port. */
export async function startCutter(to: number): Promise<Cutter> {
  const open = new Set<Socket>();
  let [left, how]: [number | null, 'before' | 'after'] = [null, 'before'];
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {}).on('close', () => (near.destroy(), far.destroy(), open.delete(socket)));
    }
    far.on('data', (chunk) => near.write(chunk));
    near.on('data', (chunk) => {
      if (left !== null && --left <= 0) {
        left = null;
        cutter.cuts += 1;
        if (how === 'before') return void near.destroy();
        far.write(chunk, () => setTimeout(() => near.destroy(), 5));
        return;
      }
      far.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cutter: Cutter = {
    port: (server.address() as AddressInfo).port,
    cutAt: (count, when) => void ([left, how] = [count, when]),
    cuts: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
  return cutter;
}
