import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressHash, canonicalAddress, displayAddress, mailboxHash, mailboxOf } from '../../src/model/address.ts';
import { sharedPath } from '../support/shared.ts';

interface Labelled {
  address: string;
  usableForNewsletter: boolean | null;
}

describe('canonicalAddress', () => {
  it.each([
    ['Ada@Example.ORG', 'ada@example.org'],
    ['ada+papers@example.org', 'ada+papers@example.org'],
    ['info@bücher.example', 'info@xn--bcher-kva.example'],
    ['info@\u{103ff}.商務', 'info@xn--bi8c.xn--lhr59c'], // a code point that no table knows yet
    ["o'hara_1!#$%&*+/=?^`{|}~-@a-b.example", "o'hara_1!#$%&*+/=?^`{|}~-@a-b.example"],
    [`${'a'.repeat(64)}@example.org`, `${'a'.repeat(64)}@example.org`],
    // what is copied along from a page
    ['\u200bada@example.org\ufeff', 'ada@example.org'],
    ['\u202a ada@example.org \u202c', 'ada@example.org'],
    ['a\u00adda@exam\u200bple.org', 'ada@example.org'],
    ['ada\u2060@\u200eexample.org\u200f', 'ada@example.org'],
    ['ada@example.\u2066org\u2069', 'ada@example.org'],
    ['ada@exam\u200dple.org', 'ada@example.org'],
    ['info@b\u00fccher\u200d.example', 'info@xn--bcher-kva.example'],
    // The joiner is a letter there.
    ['a@\u0646\u0627\u0645\u0647\u200c\u0627\u06cc.example', 'a@xn--mgba3gch31f060k.example'],
  ])('when it is %s, then it is kept as %s', (given, canonical) => {
    expect(canonicalAddress(given)).toEqual({ ok: true, address: canonical });
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['a@b.example\r\nBcc: e@example.com', 'control-characters'],
    ['a@b.example,c@d.example', 'not-one-address'],
    ['a b@c.example', 'not-one-address'],
    ['"a b"@c.example', 'not-one-address'],
    ['<a@b.example>', 'not-one-address'],
    ['x@localhost', 'bad-domain'],
    ['a@[192.0.2.1]', 'bad-domain'],
    ['a@192.0.2.1', 'bad-domain'],
    ['a@b..example', 'bad-domain'],
    ['a@-b.example', 'bad-domain'],
    ['a@b.example.', 'bad-domain'],
    ['.a@b.example', 'bad-local-part'],
    ['a..b@c.example', 'bad-local-part'],
    ['jürgen@example.org', 'non-ascii-local-part'],
    [`${'a'.repeat(65)}@example.org`, 'too-long'],
    [`a@${'b'.repeat(60)}.${'c'.repeat(60)}.${'d'.repeat(60)}.${'e'.repeat(62)}.example`, 'too-long'],
    [`a@${'b'.repeat(64)}.example`, 'bad-domain'],
  ])('when it is %j, then it is refused as %s', (given, problem) => {
    expect(canonicalAddress(given)).toEqual({ ok: false, problem });
  });

  it('when anything at all is given, then it throws never, and what it accepts it accepts again unchanged, in plain ASCII', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.emailAddress(),
          fc.tuple(fc.string(), fc.domain()).map(([a, b]) => `${a}@${b}`),
        ),
        (text) => {
          const result = canonicalAddress(text);
          if (!result.ok) return;
          expect(result.address).toMatch(/^[\x21-\x7e]+@[a-z0-9.-]+$/);
          expect(canonicalAddress(result.address)).toEqual(result);
        },
      ),
      { numRuns: 500 },
    );
  });

  const file = sharedPath('data', 'addresses', 'addresses.jsonl');
  it.skipIf(file === null)(
    'when the 374 labelled addresses are judged, then all agree, by our two stricter rules',
    () => {
      const rows = readFileSync(file ?? '', 'utf8')
        .trim()
        .split('\n');
      const labelled = rows.map((row) => JSON.parse(row) as Labelled).filter((row) => row.usableForNewsletter !== null);
      expect(labelled).toHaveLength(374);
      const wrong = labelled.filter(({ address, usableForNewsletter }) => {
        const [local, domain] = [
          address.slice(0, address.lastIndexOf('@')),
          address.slice(address.lastIndexOf('@') + 1),
        ];
        // oxlint-disable-next-line no-control-regex
        const ours = domain.includes('.') && !/[^\u0000-\u007f]/.test(local);
        return canonicalAddress(address).ok !== (usableForNewsletter && ours);
      });
      expect(wrong).toEqual([]);
    },
  );
});

describe('addressHash', () => {
  it('when the key differs, then the hash does', () => {
    const hash = addressHash(Buffer.from('one'), 'ada@example.org');
    expect(hash).toHaveLength(32);
    expect(addressHash(Buffer.from('two'), 'ada@example.org')).not.toEqual(hash);
  });
});

describe('displayAddress', () => {
  it('when the domain is an A-label, then people read it in Unicode', () => {
    expect(displayAddress('info@xn--bcher-kva.example')).toBe('info@bücher.example');
  });
});

describe('mailboxOf', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ['ada+papers@example.org', 'ada@example.org'],
    ['ada+a+b@example.org', 'ada@example.org'],
    ['+ada@example.org', '+ada@example.org'],
    ['a.d-a_l@example.org', 'a.d-a_l@example.org'],
    ['ada+x@outlook.com', 'ada@outlook.com'],
    ['a.d.a@outlook.com', 'a.d.a@outlook.com'],
    ['a.d.a@gmail.com', 'ada@gmail.com'],
    ['a.d.a+b.c@googlemail.com', 'ada@gmail.com'],
    ['ada-b@gmail.com', 'ada-b@gmail.com'],
    ['ada@gmail.com.example', 'ada@gmail.com.example'],
    ['ada-shop@yahoo.com', 'ada@yahoo.com'],
    ['ada-shop+x@yahoo.co.uk', 'ada@yahoo.co.uk'],
    ['ada-shop@ymail.com', 'ada@ymail.com'],
    ['a.da-shop@yahoo.com.br', 'a.da@yahoo.com.br'],
    ['ada-shop@yahoo.example.org', 'ada-shop@yahoo.example.org'],
    ['a.d_a-l+x@pm.me', 'adal@proton.me'],
    ['ada-l@protonmail.com', 'adal@proton.me'],
    ['a.da@mac.com', 'a.da@icloud.com'],
    ['shop@ada.fastmail.com', 'ada@fastmail.com'],
    ['ada+shop@fastmail.com', 'ada@fastmail.com'],
    ['---@pm.me', '---@proton.me'],
  ])('when it is %s, then its mailbox is %s', (address, mailbox) => {
    expect(mailboxOf(address)).toBe(mailbox);
  });

  it('when any address is given, then its mailbox is its own mailbox, and has a hash that no address has', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (text) => {
        const result = canonicalAddress(text);
        if (!result.ok) return;
        const mailbox = mailboxOf(result.address);
        expect(mailbox).toMatch(/^[^@]+@[^@]+$/);
        expect(mailboxOf(mailbox)).toBe(mailbox);
        const key = Buffer.alloc(32, 1);
        expect(mailboxHash(key, result.address)).toEqual(mailboxHash(key, mailbox));
        expect(mailboxHash(key, mailbox)).not.toEqual(addressHash(key, mailbox));
      }),
    );
  });
});
