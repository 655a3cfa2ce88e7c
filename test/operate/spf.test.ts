import { expect, test } from 'vitest';
import type { AskDns } from '../../src/operate/doctor/ask-dns.ts';
import { judgeSpf } from '../../src/operate/doctor/spf.ts';

const ADDRESSES: Readonly<Record<string, string[]>> = {
  'example.org': ['192.0.2.1', '2001:db8::1'],
  'mail.example.org': ['198.51.100.7', '2001:db8:7::7'],
};

/** A name service in which `example.org` publishes this record. */
const publishing = (record: string): AskDns => ({
  txt: (name) => Promise.resolve(name === 'example.org' ? [record] : []),
  mx: (name) => Promise.resolve(name === 'example.org' ? ['mail.example.org'] : []),
  addresses: (name) => Promise.resolve(ADDRESSES[name] ?? []),
  names: () => Promise.resolve([]),
  answers: () => true,
});

test.each([
  ['a -all', '192.0.2.1', 'pass'],
  ['a -all', '192.0.2.9', 'fail'],
  ['a/24 -all', '192.0.2.9', 'pass'],
  ['a/24 -all', '192.0.3.9', 'fail'],
  ['a/24 -all', '2001:db8::9', 'fail'],
  ['a//64 -all', '2001:db8::9', 'pass'],
  ['a//64 -all', '192.0.2.9', 'fail'],
  ['a/24//64 -all', '2001:db8::9', 'pass'],
  ['a/24//64 -all', '192.0.2.9', 'pass'],
  ['a:mail.example.org -all', '198.51.100.7', 'pass'],
  ['a:mail.example.org/28 -all', '198.51.100.9', 'pass'],
  ['a:mail.example.org/28 -all', '198.51.100.19', 'fail'],
  ['a:mail.example.org//48 -all', '2001:db8:7:1::1', 'pass'],
  ['mx -all', '2001:0db8:7::7', 'pass'],
  ['mx/24 -all', '198.51.100.250', 'pass'],
  ['?mx:example.org/24 -all', '198.51.100.250', 'neutral'],
  ['mx//48 ~all', '198.51.100.250', 'softfail'],
  ['ip4:203.0.113.0/24 -all', '203.0.113.9', 'pass'],
  ['ip6:2001:db8:9::/48 -all', '2001:db8:9::1', 'pass'],
  ['a-name=of-a-modifier/24 -all', '192.0.2.9', 'fail'],
])('when «v=spf1 %s» is published, then mail from %s is a %s', async (terms, address, verdict) => {
  expect(await judgeSpf(publishing(`v=spf1 ${terms}`), 'example.org', address)).toBe(verdict);
});
