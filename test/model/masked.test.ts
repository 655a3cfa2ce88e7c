import { expect, test } from 'vitest';
import { maskedText } from '../../src/model/masked.ts';

test.each([
  ['ada@example.org', 'a…@example.org'],
  ['550 <ada.lovelace+x@mail.example.org>: no such user', '550 <a…@mail.example.org>: no such user'],
  ['?email=ada%40example.org&state=sent', '?email=a…%40example.org&state=sent'],
  ['ada@bücher.example, änne@example.org', 'a…@bücher.example, ä…@example.org'],
  ['Recall@10.5 of a method @ work', 'Recall@10.5 of a method @ work'],
  ['?email=ada%2Bnews%40example.org', '?email=a…%40example.org'],
  ['?email=ada%27n%40example.org&a=b', '?email=a…%40example.org&a=b'],
  ["ada's o'brien@example.org", "ada's o…@example.org"],
  ['<td>o&#x27;brien&amp;co@example.org</td>', '<td>o…@example.org</td>'],
  ["no such user: 'ada@example.org'", "no such user: 'a…@example.org'"],
  ['&#x27;ada@example.org&#x27;', '&#x27;a…@example.org&#x27;'],
  ['ada@उदाहरण.परीक्षा', 'a…@उदाहरण.परीक्षा'],
  ['admin:grace@example.org', 'admin:g…@example.org'],
  ['', ''],
])('when it says «%s», then who may see no addresses reads «%s»', (text, masked) => {
  expect(maskedText(text)).toBe(masked);
});

test('when an address is left out, then it alone stays as it is', () => {
  const text = 'ada@example.org, bob@example.org, xada@example.org';
  expect(maskedText(text, 'ada@example.org')).toBe('ada@example.org, b…@example.org, x…@example.org');
});
