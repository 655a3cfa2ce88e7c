import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import type { Context } from '../../src/context.ts';
import { openImapDoor } from '../../src/feedback/doors/imap-door.ts';
import { imapCertificateFault } from '../../src/feedback/doors/imap-faults.ts';
import { knock } from '../../src/feedback/doors/knock.ts';
import { AUTHORITY, GOOD, KEY, SELF_SIGNED } from '../deliver/relays/certificates.ts';
import { until } from '../support/until.ts';
import { DOVECOT, startDovecot, type Dovecot } from './dovecot.ts';
import { recorder } from './recorder.ts';

const REPORT =
  'From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\n\n<ada@example.com>: 550 5.1.1 User unknown\n';
const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** A mailbox over TLS in which a report lies. */
async function mailbox(cert: string): Promise<{ dovecot: Dovecot; url: string }> {
  const dovecot = await startDovecot({ cert, key: KEY });
  closing.push(() => dovecot.stop());
  dovecot.deliver(REPORT);
  return { dovecot, url: `imaps://ada:secret@127.0.0.1:${dovecot.tlsPort}/INBOX` };
}

/** Follows a mailbox in a process of its own: which authorities it trusts is read at its start. */
function follow(url: string, authority: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-imaps-'));
  const [file, ca] = [join(folder, 'taken'), join(folder, 'authority.pem')];
  writeFileSync(ca, authority);
  writeFileSync(file, '');
  const reader = spawn(
    process.execPath,
    ['--import', 'tsx', join(import.meta.dirname, 'imap-reader-process.ts'), url, file],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: ca }, stdio: 'ignore' },
  );
  closing.push(() => reader.kill('SIGKILL'));
  return file;
}

describe.skipIf(!DOVECOT)('a mailbox over TLS', () => {
  test('when NODE_EXTRA_CA_CERTS names the authority of its certificate, then it is read', async () => {
    const { dovecot, url } = await mailbox(GOOD);
    const file = follow(url, AUTHORITY);
    await until('the report is taken in and moved', () => dovecot.count() === 0);
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    expect(dovecot.mails('Offprint/Done')).toEqual([REPORT]);
  });

  test.each([
    [
      'of an authority that nobody knows',
      GOOD,
      /comes from an authority that this machine does not know.*NODE_EXTRA_CA_CERTS/,
    ],
    ['self-signed', SELF_SIGNED, /is self-signed: nobody vouches for it.*NODE_EXTRA_CA_CERTS/],
  ])(
    'when its certificate is %s, then nobody logs in, and the log and `feedback test` say so',
    async (_, cert, words) => {
      const { dovecot, url } = await mailbox(cert);
      const log: string[] = [];
      const ctx = {
        config: loadConfig({ BOUNCE_IMAP_URL: url }),
        log: pino({ level: 'info' }, { write: (line: string) => void log.push(line) }),
      } as unknown as Context;
      const taken = recorder();
      const door = openImapDoor(ctx, (received) => taken.takeIn(received), { lookMs: 60_000, restMs: [20] });
      closing.push(() => door.close());
      await until('it was tried twice', () => log.length > 1);
      const { problem } = JSON.parse(log[0]!) as { problem: string };
      expect(problem).toMatch(words);
      expect(problem).toContain(`127.0.0.1:${dovecot.tlsPort}`);
      expect(await knock(ctx, 'imap', { address: 'a@example.org', token: 't', id: '1' })).toBe(problem);
      expect(taken.received).toEqual([]);
      expect(dovecot.count()).toBe(1);
    },
  );
});

test.each([
  ['has expired', 'CERT_HAS_EXPIRED'],
  ['is for another name', 'ERR_TLS_CERT_ALTNAME_INVALID'],
])('when a known authority vouches for a certificate that %s, then that is said', (words, code) => {
  const error = Object.assign(new Error('no'), { code });
  const fault = imapCertificateFault(error, { host: 'mail.example.org', port: 993 });
  expect(fault).toContain(`the certificate of mail.example.org:993 ${words}`);
});
