import { expect, test } from 'vitest';
import { maskedText } from '../../src/model/masked.ts';

test.each([
  ['ada@example.org', 'a…@example.org'],
  ['550 <ada.lovelace+x@mail.example.org>: no such user', '550 <a…@mail.example.org>: no such user'],
  ['?email=ada%40example.org&state=sent', '?email=a…%40example.org&state=sent'],
  ['ada@bücher.example, änne@example.org', 'a…@bücher.example, ä…@example.org'],
  ['Recall@10.5 of a method @ work', 'Recall@10.5 of a method @ work'],
  ['admin:grace@example.org', 'admin:g…@example.org'],
  ['', ''],
])('when it says «%s», then who may see no addresses reads «%s»', (text, masked) => {
  expect(maskedText(text)).toBe(masked);
});

test('when an address is left out, then it alone stays as it is', () => {
  const text = 'ada@example.org, bob@example.org, xada@example.org';
  expect(maskedText(text, 'ada@example.org')).toBe('ada@example.org, b…@example.org, x…@example.org');
});
