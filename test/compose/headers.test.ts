import { expect, test } from 'vitest';
import { openHeaders } from '../../src/compose/wire/headers.ts';
import { mailConfig } from '../world/installation.ts';

const input = {
  digits: '5f2c0f6e8a534d9e9d640a4b3a4c1d2e',
  email: 'ana@reader.example.net',
  subject: 'Höhle',
  at: new Date('2025-12-31T08:00:00Z'),
  campaign: 'daily:2025-12-31',
};
const url = 'https://digest.example.org/unsubscribe/unsubscribe.Abc.1.xyz';
/** Takes written headers apart, folds and all. */
const fieldsOf = (written: string) =>
  written
    .trimEnd()
    .split(/\r\n(?![ \t])/)
    .map((field) => [field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 2)] as const);
const of = (headers: (readonly [string, string])[]) => Object.fromEntries(headers);

test('when a newsletter goes out, then its headers are those that lists and mailbox providers ask for', () => {
  const headers = fieldsOf(openHeaders(mailConfig()).newsletter(input, url));
  expect(new Set(headers.map(([name]) => name)).size).toBe(headers.length);
  expect(of(headers)).toMatchObject({
    From: '"Offprint" <papers@digest.example.org>',
    To: 'ana@reader.example.net',
    Date: 'Wed, 31 Dec 2025 08:00:00 +0000',
    'Message-ID': '<5f2c0f6e8a534d9e9d640a4b3a4c1d2e@digest.example.org>',
    'List-Id': '"Offprint" <papers.digest.example.org>',
    'List-Unsubscribe': `<${url}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    'List-Help': '<https://digest.example.org/help>',
    'List-Post': 'NO',
    'Auto-Submitted': 'auto-generated',
  });
  expect(of(headers)['Feedback-ID']).toMatch(/^daily\.2025-12-31:newsletter:papers:offprint[0-9a-f]{6}$/);
});

test('when there is an address to unsubscribe by mail, then it stands behind the https address, in the one field, with the token', () => {
  const headers = of(
    fieldsOf(openHeaders({ ...mailConfig(), UNSUBSCRIBE_MAILTO: 'leave@digest.example.org' }).newsletter(input, url)),
  );
  expect(headers['List-Unsubscribe']?.replace(/\s+/g, ' ')).toBe(
    `<${url}>, <mailto:leave@digest.example.org?subject=unsubscribe%20unsubscribe.Abc.1.xyz>`,
  );
});

test('when a notice goes out, then it has no list fields and no one-click pair', () => {
  const names = fieldsOf(openHeaders(mailConfig()).notice(input)).map(([name]) => name);
  expect(names.filter((name) => /^List-|Precedence/.test(name))).toEqual([]);
  expect(names).toContain('Auto-Submitted');
});
