import { expect, test } from 'vitest';
import { deliveryToken, readToken, readVerp, verpAddress } from '../../src/links/verp.ts';

const key = { id: 1, secret: Buffer.alloc(32, 1) };
const other = { id: 2, secret: Buffer.alloc(32, 2) };
const id = '5f2c0f6e-8a53-4d9e-9d64-0a4b3a4c1d2e';

test('when a bounce comes back, then its address names the delivery, in any case of letters and after a change of keys', () => {
  const address = verpAddress(key, id, 'bounce.example.org');
  expect(address.slice(0, address.indexOf('@')).length).toBeLessThanOrEqual(64);
  expect(readVerp([other, key], address.toUpperCase())).toBe(id);
});

test('when the address is changed or signed by a stranger, then it names nothing', () => {
  const address = verpAddress(key, id, 'bounce.example.org');
  expect(readVerp([key], address.replace('b+5', 'b+6'))).toBeNull();
  expect(readVerp([other], address)).toBeNull();
  expect(readVerp([key], 'papers@example.org')).toBeNull();
});

test('when a token is handed back alone, then it names the delivery as the address would, and a forged one nothing', () => {
  const token = deliveryToken(key, id);
  expect(verpAddress(key, id, 'bounce.example.org')).toBe(`b+${token}@bounce.example.org`);
  expect(readToken([other, key], token.toUpperCase())).toBe(id);
  expect(readToken([other], token)).toBeNull();
  expect(readToken([key], `${token}0`)).toBeNull();
});
