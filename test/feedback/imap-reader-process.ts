import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import pino from 'pino';
import { loadConfig } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import { openImapDoor } from '../../src/feedback/doors/imap-door.ts';
import { parseReport } from '../../src/feedback/parse-report.ts';

/**
 * Follows a mailbox and keeps what it takes in as lines of a file, which stands for the database: a line that is there
 * is committed. Kills itself as `kill -9` would at the so-many-th mail, before or after its line is written.
 */
const [url = '', file = '', at = '0', how = 'before'] = process.argv.slice(2);
const known = new Set(existsSync(file) ? readFileSync(file, 'utf8').split(/[\s]+/).filter(Boolean) : []);
const dieAt = (moment: string) => {
  if (count === Number(at) && how === moment) process.kill(process.pid, 'SIGKILL');
};
let count = 0;
const ctx = { config: loadConfig({ BOUNCE_IMAP_URL: url }), log: pino({ level: 'silent' }) } as unknown as Context;
openImapDoor(ctx, async ({ bytes, place = '' }) => {
  count += 1;
  dieAt('before');
  const hash = createHash('sha256').update(bytes).digest('hex');
  const isNew = !known.has(hash) && !known.has(place);
  if (isNew) appendFileSync(file, `${hash} ${place.replaceAll(' ', '_')}\n`);
  known.add(hash).add(place);
  dieAt('after');
  const { kind, recipients } = await parseReport(bytes);
  const address = recipients[0]?.address ?? null;
  return { isNew, events: [{ kind, address, delivery: address, effect: 'filed' }] };
});
