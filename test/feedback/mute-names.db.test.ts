import { Resolver } from 'node:dns/promises';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSmtpDoor } from '../../src/feedback/doors/smtp-door.ts';
import { takeIn } from '../../src/feedback/run-feedback.ts';
import { signedFrom } from '../../src/feedback/signed-from.ts';
import { testContext } from '../support/context.ts';
import { testDatabase } from '../support/database.ts';
import { startMuteDns } from '../support/dns.ts';
import { clearLedger } from '../world/ledger.ts';
import { makeReader } from '../world/readers.ts';
import { keysOf, signedLetter } from '../world/signed-letters.ts';

const database = testDatabase();
const LEAVE = 'leave@digest.example.org';
const NOW = new Date('2026-01-05T09:00:00Z');
let dns: Awaited<ReturnType<typeof startMuteDns>>;

beforeEach(async () => {
  await clearLedger(database.db);
  await database.pool.query(`CALL empty_tables('feedback_events, feedback_reports')`);
  dns = await startMuteDns();
});
afterEach(() => dns.close());

/** A letter that bears many signatures, each of another domain. */
async function letterOfMany(): Promise<string> {
  const letter = await signedLetter('example.org', { from: 'ada@example.org', to: LEAVE, date: NOW });
  const signature = /^DKIM-Signature:[^]*?\r\n(?=\S)/.exec(letter)?.[0] ?? '';
  const others = Array.from({ length: 50 }, (_, n) => signature.replace('d=example.org', `d=mute${n}.example.org`));
  return others.join('') + letter;
}

it('when no name server ever answers, then a letter is taken in all the same, and its reader is asked', async () => {
  const ctx = await testContext(database, {
    ...{ BOUNCE_SMTP_PORT: '0', BOUNCE_DOMAIN: 'bounces.example.org', UNSUBSCRIBE_MAILTO: `mailto:${LEAVE}` },
  });
  ctx.setNow(NOW);
  const { id } = await makeReader(database.db, new Date('2026-01-04T09:00:00Z'), { email: 'ada@example.org' });
  const resolver = new Resolver({ timeout: 600_000, tries: 1 }); // gives up after ten minutes
  resolver.setServers([dns.server]);
  await signedFrom(Buffer.from(await letterOfMany()), NOW, { ask: keysOf() }); // the library is loaded
  const asking = { ask: (name: string) => resolver.resolveTxt(name), longestMs: 2_000 };
  const door = await openSmtpDoor(ctx, takeIn(ctx, { asking }));
  const transport = createTransport({ host: '127.0.0.1', port: door.port, ignoreTLS: true });
  const envelope = { from: 'ada@example.org', to: [LEAVE] };
  const { response } = await transport.sendMail({ envelope, raw: await letterOfMany() });
  expect(response).toBe('250 2.6.0 Taken');
  expect(dns.asked()).toBeGreaterThan(0);
  expect(await database.db.feedbackEvent.findMany()).toMatchObject([{ kind: 'unsubscribe', effect: 'asked' }]);
  expect(await database.db.subscriber.findUnique({ where: { id } })).toMatchObject({ status: 'confirmed' });
  resolver.cancel();
  await door.close();
});
