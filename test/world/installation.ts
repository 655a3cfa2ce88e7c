import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openComposer } from '../../src/compose/composer.ts';
import { loadConfig, type Config } from '../../src/config.ts';
import type { Keys } from '../../src/context.ts';
import type { Composer } from '../../src/model/newsletter.ts';

/** Keys of an installation that exists in tests alone. */
export const KEYS: Keys = { link: [{ id: 1, secret: Buffer.alloc(32, 7) }], suppression: Buffer.alloc(32, 9) };

export const POSTAL = '12 Harbour Street, Brightwater BW1 2AB';

/** Settings of a well-run installation. */
export function mailConfig(settings: Record<string, string> = {}): Config {
  return loadConfig({
    PUBLIC_URL: 'https://digest.example.org',
    MAIL_FROM: 'Offprint <papers@digest.example.org>',
    MAIL_REPLY_TO: 'editor@digest.example.org',
    POSTAL_ADDRESS: POSTAL,
    LIST_ID: 'papers.digest.example.org',
    BOUNCE_DOMAIN: 'bounce.digest.example.org',
    ...settings,
  });
}

/** Opens a composer on those settings. */
export function sampleComposer(settings: Record<string, string> = {}): Promise<Composer> {
  return openComposer(mailConfig(settings), KEYS);
}

/** Makes a DKIM key of its own for a test: the settings that use it, and the record a verifier asks DNS for. */
export function dkimSetup(): {
  settings: Record<string, string>;
  second: Record<string, string>;
  resolver: (name: string) => Promise<string[][]>;
} {
  const folder = mkdtempSync(join(tmpdir(), 'offprint-dkim-'));
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const file = join(folder, 'rsa.pem');
  const ed25519 = generateKeyPairSync('ed25519');
  const second = join(folder, 'ed25519.pem');
  writeFileSync(second, ed25519.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(file, rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const records: Record<string, string> = {
    'r1._domainkey.digest.example.org': `v=DKIM1; k=rsa; p=${rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`,
    'e1._domainkey.digest.example.org': `v=DKIM1; k=ed25519; p=${ed25519.publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64')}`,
  };
  return {
    settings: { DKIM_DOMAIN: 'digest.example.org', DKIM_SELECTOR: 'r1', DKIM_KEY_FILE: file },
    second: { DKIM_ED25519_SELECTOR: 'e1', DKIM_ED25519_KEY_FILE: second },
    resolver: (name) => {
      const record = records[name];
      if (!record) return Promise.reject(Object.assign(new Error(`no record ${name}`), { code: 'ENOTFOUND' }));
      return Promise.resolve([[record]]);
    },
  };
}
