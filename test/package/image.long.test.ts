import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/db/embedded/postmaster.ts';
import { startEmbedded, type EmbeddedServer } from '../../src/db/embedded/server.ts';
import { PACKAGE_ROOT } from '../../src/package.ts';
import { fetchNode, ORDINARY, ownFolder, reachOfRegistry } from './installation.ts';

let server: EmbeddedServer;
beforeAll(async () => {
  server = await startEmbedded(join(ownFolder('server'), 'postgres'));
}, 120_000);
afterAll(() => server.release());

test(
  'when the steps of the image are walked, then it is small, and runs read only without any privilege',
  async ({ skip }) => {
    const node = fetchNode('24.9.0');
    if (node === null) skip('no registry answers, so the image was not laid out');
    const spaces = spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'true'], ORDINARY);
    if (spaces.status !== 0) skip('this machine lets no ordinary user make namespaces, so the image was not tried');
    const folder = ownFolder('image');
    const { status, stdout, stderr } = spawnSync(
      'sh',
      [join(PACKAGE_ROOT, 'deploy', 'walk-image.sh'), folder, String(await freePort())],
      {
        ...ORDINARY,
        encoding: 'utf8',
        env: {
          ...reachOfRegistry(),
          PATH: [node, process.env['PATH']].join(delimiter),
          HOME: ownFolder('home'),
          DATABASE_URL: server.url,
        },
      },
    );
    expect(status, `${stdout.slice(-2_000)}\n${stderr.slice(-4_000)}`).toBe(0);
    const mb = Number(/our layers are (\d+) MB/.exec(stdout)?.[1]);
    process.stdout.write(`image: our layers are ${mb} MB\n`);
    expect(mb).toBeLessThanOrEqual(140);
    expect(stdout).toContain('ran read only, were healthy, and ended in order');
  },
  40 * 60_000,
);
