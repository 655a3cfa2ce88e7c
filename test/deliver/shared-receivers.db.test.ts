import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, symlink } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { PACKAGE_ROOT } from '../../src/config.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { sharedPath } from '../support/shared.ts';
import { plainComposer } from '../world/composers.ts';
import { clearLedger, ledger } from '../world/ledger.ts';
import { planMail } from '../world/mails.ts';
import { JOINED, makeReader } from '../world/readers.ts';

const database = testDatabase();
const tool = sharedPath('tools', 'failing-smtp.mjs');

beforeEach(() => clearLedger(database.db));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

it.skipIf(tool === null).each([
  ['ok', 'sent', 1],
  ['greylist', 'retrying', 0],
  ['4xx', 'retrying', 0],
  ['5xx-rcpt', 'bounced', 0],
  ['5xx-data', 'bounced', 0],
  ['full', 'retrying', 0],
  ['tempfail-after-data', 'retrying', 0],
  ['slow-data', 'sent', 1],
  ['hang', 'uncertain', 0],
  ['drop-after-dot', 'uncertain', 1],
  ['no-tls', 'sent', 1],
] as const)('the shared receiver in mode %s ▸ %s', async (mode, state, stored) => {
  const folder = await mkdtemp(join(tmpdir(), 'offprint-receiver-'));
  await symlink(join(PACKAGE_ROOT, 'node_modules'), join(folder, 'node_modules'));
  const port = await freePort();
  const receiver = spawn(process.execPath, [tool ?? '', String(port), mode], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    await once(receiver.stdout, 'data');
    const settings = { SMTP_URL: `smtp://127.0.0.1:${port}`, SMTP_TIMEOUT_SECONDS: mode === 'hang' ? '5' : '30' };
    const ctx = await testContext(database, settings, { composer: () => Promise.resolve(plainComposer()) });
    const email = 'ada@example.org';
    await planMail(database.db, { subscriberId: (await makeReader(database.db, JOINED, { email })).id, email });
    await runDeliver(ctx);
    expect((await ledger(database.db))[0]).toMatchObject({ state, tries: 1 });
    expect(await database.db.suppression.count()).toBe(mode === '5xx-rcpt' ? 1 : 0);
    expect(await readdir(join(folder, 'sink'))).toHaveLength(stored);
  } finally {
    receiver.kill('SIGKILL');
  }
});
