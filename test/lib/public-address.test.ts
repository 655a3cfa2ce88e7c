import { expect, test } from 'vitest';
import { isPublicAddress, isPublicHost } from '../../src/lib/public-address.ts';

test.each([
  ...[
    '127.0.0.1',
    '127.255.3.4',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
  ],
  ...['100.64.0.1', '192.0.0.8', '198.18.0.1', '203.0.113.7', '224.0.0.1', '255.255.255.255'],
  ...[
    '::',
    '::1',
    '[::1]',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
  ],
  ...[
    'fc00::1',
    'fd12:3456::1',
    'fec0::1',
    'ff02::1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b::',
    '64:ff9b::5',
    '64:ff9b:1::808:808',
    '2002:7f00:1::1',
    '2001:0:1::1',
    '2001:db8::1',
  ],
  ...['', 'localhost', 'example.org', '2130706433', '0x7f000001', '017700000001'],
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '8.8.8.8',
  '172.32.0.1',
  '192.1.0.1',
  '100.128.0.1',
  '2606:4700::1111',
  '[2a00:1450::5]',
  '64:ff9b::8.8.8.8',
  '[64:ff9b::808:808%eth0]',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ...['localhost', 'LOCALHOST.', 'a.localhost', 'redis', 'printer.local', 'nas.home.arpa', 'metadata.google.internal'],
  ...['127.0.0.1', '[::1]', '10.0.0.1'],
])('%s is no host of the public network', (host) => {
  expect(isPublicHost(host)).toBe(false);
});

test.each(['example.org', 'example.org.', 'localhost.example.org', 'internal.example', '8.8.8.8', '[2606:4700::1111]'])(
  '%s may be a host of the public network',
  (host) => {
    expect(isPublicHost(host)).toBe(true);
  },
);
