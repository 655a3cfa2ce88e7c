import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { beforeEach, describe, expect, test } from 'vitest';
import { loadConfig, type Config } from '../../src/config.ts';
import { PACKAGE_ROOT } from '../../src/package.ts';

const run = (command: string[], env: Record<string, string> = {}) =>
  spawnSync(command[0] ?? '', command.slice(1), {
    cwd: PACKAGE_ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...env },
  });
const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8');

/** `docker compose`, or the older program that reads the same file; undefined where there is neither. */
const COMPOSE = [['docker', 'compose'], ['docker-compose']].find((words) => run([...words, 'version']).status === 0);
const compose = (profile: string, env: Record<string, string>, ...options: string[]) =>
  run([...(COMPOSE ?? []), ...options, ...(profile ? ['--profile', profile] : []), 'config'], env);

describe('the compose file', () => {
  beforeEach(({ skip }) => {
    if (COMPOSE === undefined) skip('Docker Compose is not installed, so its file was not read by it');
  });

  test.each(['', 'try', 'relay'])(
    'when it is read with the profile «%s», then it is sound, and each service is guarded',
    (profile) => {
      const { stdout, stderr, status } = compose(profile, { POSTGRES_PASSWORD: 'a-long-one' });
      expect([status, stderr]).toEqual([0, '']);
      const services = servicesOf(stdout);
      const wanted = { '': [], try: ['mailpit'], relay: ['postfix'] }[profile] ?? [];
      expect([...services.keys()]).toEqual(expect.arrayContaining(['app', 'worker', 'postgres', ...wanted]));
      for (const [name, block] of services) {
        const guards = ['cap_drop:\n- ALL', '- no-new-privileges:true', 'init: true'];
        for (const guard of guards) expect(block, name).toContain(guard);
        // Postfix writes its settings when it starts.
        if (name !== 'postfix') expect(block, name).toContain('read_only: true');
        if (/^(?:app|worker)$/.test(name)) expect(block).not.toContain('cap_add');
      }
      expect(services.get('worker')).not.toMatch(/^(?:ports|container_name):/m); // else there can be but one
      expect(services.get('worker')).toMatch(/- health\n\s*- --worker/);
      expect(services.get('postgres')).toMatch(/\/var\/lib\/postgresql(?::rw)?$/m);
    },
  );

  test('when .env is a copy of .env.example with another port, then links lead there, and mails go to the profile', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offprint-compose-'));
    writeFileSync(join(folder, '.env'), read('.env.example').replace(/^PORT=3000$/m, 'PORT=8080'));
    const given = { POSTGRES_PASSWORD: 'a-long-one' };
    const { stdout, stderr, status } = compose('try', given, '--env-file', join(folder, '.env'));
    expect([status, stderr]).toEqual([0, '']);
    const app = servicesOf(stdout).get('app') ?? '';
    expect(settingsIn(app)).toMatchObject({ PUBLIC_URL: 'http://localhost:8080', SMTP_URL: [{ name: 'mail:2525' }] });
    expect(app).toMatch(/published: "?8080"?$/m);
    expect(app).toMatch(/target: 8080$/m);
  });

  test('when another file mounts secrets and empties what is set, then they are read there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'offprint-compose-'));
    const secrets = {
      DATABASE_URL: 'postgresql://ada@db.example.org/offprint',
      SMTP_URL: 'smtp://mail.example.org:587',
    };
    const lines = Object.entries(secrets).flatMap(([name, value]) => {
      writeFileSync(join(folder, name), value);
      return [`${name}: ''`, `${name}_FILE: ${join(folder, name)}`];
    });
    const override = `services:\n  app:\n    environment:\n${lines.map((line) => `      ${line}\n`).join('')}`;
    writeFileSync(join(folder, 'override.yml'), override);
    const files = ['-f', 'docker-compose.yml', '-f', join(folder, 'override.yml')];
    const { stdout, stderr, status } = compose('', { POSTGRES_PASSWORD: 'a-long-one' }, ...files);
    expect([status, stderr]).toEqual([0, '']);
    expect(settingsIn(servicesOf(stdout).get('app') ?? '')).toMatchObject({
      DATABASE_URL: secrets.DATABASE_URL,
      SMTP_URL: [{ name: 'mail.example.org:587' }],
    });
  });

  test('when no password is set, then nothing starts, and the setting is named', () => {
    const { stderr, status } = compose('try', {});
    expect(status).not.toBe(0);
    expect(stderr).toContain('POSTGRES_PASSWORD');
  });
});

describe('the image', () => {
  const file = read('Dockerfile');

  test('when it is built, then both stages begin at the same digest, and it runs as a number', () => {
    const bases = [...file.matchAll(/^FROM (?:--platform=\S+ )?(\S+)/gm)].map(([, base]) => base);
    expect(new Set(bases)).toEqual(new Set([expect.stringMatching(/^node:24-bookworm-slim@sha256:[0-9a-f]{64}$/)]));
    expect(file).toMatch(/^USER \d+:\d+$/m);
    expect(file).toMatch(/^HEALTHCHECK .*"dist\/cli\.js", "health"\]$/m);
  });

  test('when shells read what lays it out, then they find no fault', () => {
    for (const script of ['lay-out-image.sh', 'walk-image.sh', 'relay/relay.sh'])
      expect(run(['sh', '-n', join('deploy', script)]).stderr).toBe('');
  });
});

test('when systemd reads the unit, then it is sound and exposes no more than 2.0', ({ skip }) => {
  if (run(['systemd-analyze', '--version']).status !== 0) skip('systemd is not installed, so the unit was not read');
  const checked = run(['systemd-analyze', 'verify', 'deploy/offprint.service']);
  expect([checked.status, checked.stdout, checked.stderr]).toEqual([0, '', '']);
  const { status, stdout } = run([
    ...['systemd-analyze', 'security', '--offline=true', '--threshold=20', 'deploy/offprint.service'],
  ]);
  expect([status, stdout.split('\n').at(-2)]).toEqual([0, expect.stringContaining('exposure level')]);
});

describe('the page on proxies', () => {
  const [settings = '', caddyfile = '', nginx = ''] = [
    ...read('docs/operate/proxy.md').matchAll(/^```\n([^`]*)^```$/gm),
  ].map(([, block]) => block);
  const folder = mkdtempSync(join(tmpdir(), 'offprint-proxy-'));
  const [certificate, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];

  test('when its settings are read, then they can be used', () => {
    expect(loadConfig(parseEnv(settings))).toMatchObject({ TRUST_PROXY: 1, PUBLIC_URL: 'https://papers.example.org' });
  });

  test('when Caddy reads its file, then it is sound', ({ skip }) => {
    if (run(['caddy', 'version']).status !== 0) skip('Caddy is not installed, so its file was not read');
    writeFileSync(join(folder, 'Caddyfile'), caddyfile);
    const { status, stderr } = run(['caddy', 'adapt', '--config', join(folder, 'Caddyfile')]);
    expect(status, stderr).toBe(0);
  });

  test('when nginx reads its file, then it is sound', ({ skip }) => {
    if (run(['nginx', '-v']).status !== 0) skip('nginx is not installed, so its file was not read');
    const made = ['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-subj', '/CN=papers.example.org'];
    expect(run([...made, '-keyout', key, '-out', certificate]).status).toBe(0);
    const ours = nginx
      .replace(/(ssl_certificate)\s.*;/, `$1 ${certificate};`)
      .replace(/(ssl_certificate_key)\s.*;/, `$1 ${key};`);
    writeFileSync(join(folder, 'nginx.conf'), `events {}\nhttp {\n${ours}}\n`);
    const { status, stderr } = run([
      'nginx',
      '-t',
      '-c',
      join(folder, 'nginx.conf'),
      '-g',
      `pid ${folder}/pid; error_log stderr;`,
    ]);
    expect(status, stderr).toBe(0);
  });
});

/** Reads the settings that a service is given, as what it runs would. */
function settingsIn(block: string): Config {
  const lines = [...block.matchAll(/^ {2}([A-Z_0-9]+): (?!null$)["']?(.*?)["']?$/gm)];
  return loadConfig(Object.fromEntries(lines.map(([, name = '', value]) => [name, value])));
}

/** Cuts what Compose prints into one block a service, without the indent. */
function servicesOf(config: string): Map<string, string> {
  const [, services = ''] = /^services:\n((?: .*\n)*)/m.exec(config) ?? [];
  const blocks = services.split(/^ {2}(?=\w)/m).slice(1);
  return new Map(blocks.map((block) => [block.slice(0, block.indexOf(':')), block.replace(/^ {4}/gm, '')]));
}
