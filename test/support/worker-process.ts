/**
 * A worker of its own process, for tests that kill it: drains the ledger of the database given until nothing is left to
 * do. Its mails are as long as newsletters and signed, on a thread that dies with it.
 */
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { openSigner } from '../../src/compose/wire/signer.ts';
import { openPool, openPrisma } from '../../src/db/client.ts';
import { runDeliver } from '../../src/deliver/run-deliver.ts';
import { messageOf } from '../../src/lib/errors.ts';
import { testContext } from './context.ts';
import { dotlessComposer } from '../world/composers.ts';

const [url = '', smtpUrl = '', settings = '{}'] = process.argv.slice(2);
const pool = openPool(url, 10, () => {});
const db = openPrisma(pool);
const { privateKey: key } = generateKeyPairSync('ed25519');
const sign = openSigner([{ algorithm: 'ed25519-sha256', domain: 'digest.example.org', selector: 'test', key }]);
const ctx = await testContext(
  { url, pool, db },
  { SMTP_URL: smtpUrl, ...(JSON.parse(settings) as Record<string, string>) },
  { composer: () => Promise.resolve({ ...dotlessComposer(), sign }), now: () => new Date() },
);
process.stdout.write('ready\n');
const ending = new AbortController();
process.once('SIGTERM', () => ending.abort());
while (!ending.signal.aborted) {
  try {
    await runDeliver(ctx, { signal: ending.signal });
    const open = await db.delivery.count({ where: { state: { in: ['planned', 'sending', 'retrying'] } } });
    if (open === 0) break;
  } catch (error) {
    // A database that stays away; jobs.ts logs it and the next tick tries again.
    process.stderr.write(`worker: ${messageOf(error)}\n`);
  }
  await sleep(100);
}
await db.$disconnect();
await pool.end();
