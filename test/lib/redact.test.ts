import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { secretsOf, shownAddress, withoutSecrets } from '../../src/lib/redact.ts';
import { cpuMsOf } from '../support/cpu.ts';

const TOKEN = 'feed.2hn-elshx5bMLRM2.2.1i2qrwEBiNtDRgvFeJJ_q';

describe('an address that is shown', () => {
  test.each([
    ['https://export.example.org/list', 'https://export.example.org/list'],
    ['https://h.example/api?date=2026-11-20&limit=100', 'https://h.example/api?date=2026-11-20&limit=100'],
    ['https://user:hunter2@h.example/list', 'https://h.example/list'],
    ['https://ghp_key@h.example/list', 'https://h.example/list'],
    ['https://h.example/list?api_key=hunter2&date=2026-11-20', 'https://h.example/list?api_key=…&date=2026-11-20'],
    ['https://h.example/list?TOKEN=hunter2#hunter3', 'https://h.example/list?TOKEN=…'],
    ['https://h.example/list?day=x&anything=2026-11', 'https://h.example/list?day=x&anything=2026-11'],
    [`https://h.example/feed/${TOKEN}.xml`, 'https://h.example/feed/…'],
    ['https://h.example/hooks/T024BE7LDB024BE7LDxyzw8UW/list', 'https://h.example/hooks/…/list'],
    ['nonsense hunter2', '…'],
  ])('%s is %s', (address, shown) => {
    expect(shownAddress(address)).toBe(shown);
  });
});

describe('a text without secrets', () => {
  test.each([
    ['Failed to parse URL from https://user:hunter2@h.example/x.', 'Failed to parse URL from https://h.example/x.'],
    ['see (smtps://user:hun/ter2@host:465), or not', 'see (…), or not'],
    ['postgresql://u:p%40ss@db:5432/offprint is away', 'postgresql://db:5432/offprint is away'],
    ['{"at":"https://h.example/?key=hunter2","n":1}', '{"at":"https://h.example/?key=…","n":1}'],
    [`GET /feed/${TOKEN}.xml broke`, 'GET /feed/… broke'.replace('feed/…', '…').replace('GET /…', 'GET /feed/…')],
    [`no such link: ${TOKEN.replaceAll('.', '%2E')}`, 'no such link: …'],
    [`no such link: ${TOKEN.replaceAll('.', '%252e')}!`, 'no such link: …!'],
    [
      'arXiv 2611.01234v2 and https://arxiv.org/abs/2611.01234 stay',
      'arXiv 2611.01234v2 and https://arxiv.org/abs/2611.01234 stay',
    ],
    ['mail-1.example.org.4.5.6 stays too', 'mail-1.example.org.4.5.6 stays too'],
  ])('%s is %s', (text, clean) => {
    expect(withoutSecrets(text)).toBe(clean);
  });

  test('when secrets of the settings are known, then they go wherever they stand, written either way', () => {
    const secrets = secretsOf(
      ['correct horse battery'],
      [
        'postgres://postgres@db/x',
        'smtp://apikey:p%40ssword@relay',
        'https://ghp_1234567@h.example/?key=abcdef123&date=2026-11-20',
      ],
    );
    expect(withoutSecrets('correct horse battery, p@ssword, p%40ssword, ghp_1234567, abcdef123', secrets)).toBe(
      '…, …, …, …, …',
    );
    expect(withoutSecrets('postgres on 2026-11-20 with apikey', secrets)).toBe('postgres on 2026-11-20 with apikey');
  });

  test('when a text is hostile, then time grows with its length', () => {
    for (const pump of ['%2e', 'a', 'a.1.', '://', 'a://', 'http://a?', '%', '@', '.', 'https://x@', ')']) {
      expect(
        cpuMsOf(() => withoutSecrets(pump.repeat(200_000))),
        pump,
      ).toBeLessThan(2_000);
    }
  });

  test('when a password is put into an address, then no spelling of the address shows it', () => {
    const password = fc.stringMatching(/^hunter2[a-z0-9!$&'()*+,;=:@%._~-]{0,12}$/);
    fc.assert(
      fc.property(password, fc.constantFrom('https', 'HTTP', 'smtp', 'postgres', 'imaps'), (secret, scheme) => {
        expect(withoutSecrets(`cannot reach ${scheme}://me:${secret}@host.example/path, sorry`)).not.toContain(
          'hunter2',
        );
      }),
    );
  });
});
