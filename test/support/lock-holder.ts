/** Takes the lock of a job in the database given and holds it until it is killed. */
import { openPool, openPrisma } from '../../src/db/client.ts';
import { withLock } from '../../src/db/locks.ts';

const db = openPrisma(openPool(process.argv[2] ?? '', 2, () => {}));
await withLock(db, 'job:plan', () => {
  process.stdout.write('held\n');
  return new Promise(() => setInterval(() => {}, 1_000));
});
