import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { ehloName } from '../../src/model/ehlo.ts';

describe('our name in EHLO', () => {
  it.each([
    ['mail.example.org', 'mail.example.org'],
    ['Mail.Example.ORG.', 'mail.example.org'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['127.0.0.1', '[127.0.0.1]'],
    ['[192.0.2.7]', '[192.0.2.7]'],
    ['::1', '[IPv6:::1]'],
    ['[::1]', '[IPv6:::1]'],
    ['[IPv6:2001:db8::25]', '[IPv6:2001:db8::25]'],
    ['fe80::1%eth0', '[IPv6:fe80::1]'],
  ])('when it is %s, then %s is said', (host, said) => {
    expect(ehloName(host)).toBe(said);
  });

  it.each([
    'localhost',
    'my_host.example.org',
    'mail_1.example.org',
    '-mail.example.org',
    'mail..example.org',
    '10.0.0',
    '999.1.1.1',
    '[mail.example.org]',
    'mail.example.org:25',
    'a b.example.org',
    'mail.example.org\r\nMAIL FROM:<>',
    `${'a.'.repeat(126)}aa`,
    '',
  ])('when it is «%s», then it is no name', (host) => {
    expect(ehloName(host)).toBeNull();
  });

  it('when EHLO_NAME cannot be said, then the settings are refused; an address gets its brackets', () => {
    expect(() => loadConfig({ EHLO_NAME: 'my_host.example.org' })).toThrow(
      'EHLO_NAME=my_host.example.org: expected a full name',
    );
    expect(() => loadConfig({ EHLO_NAME: 'mailer' })).toThrow('EHLO_NAME=mailer: expected a full name');
    expect(loadConfig({ EHLO_NAME: '2001:db8::25' }).EHLO_NAME).toBe('[IPv6:2001:db8::25]');
  });
});
