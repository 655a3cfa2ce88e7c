import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { expect, test } from 'vitest';
import { readPlainMail, type ParsedMail } from '../../src/feedback/plain-mail.ts';
import { bounceMail, complaintMail } from '../world/feedback-mails.ts';
import { corpus, mutant, own } from './mutants.ts';

const FIRST_BYTES = 64 * 1024;

/** What of a mail a report is read from, in one form. */
function plain(mail: ParsedMail): unknown {
  const { headers, from, to, subject, text, html, attachments } = mail;
  return {
    headers: headers.map(({ key, value }) => [key, value]),
    from: from?.address ?? '',
    to: (to ?? []).flatMap(({ address }) => address ?? []),
    subject: subject ?? '',
    text: text ?? '',
    html: html ?? '',
    parts: attachments.map(({ mimeType, content }) => [
      mimeType,
      typeof content === 'string' ? content : Buffer.from(content as ArrayBuffer).toString('latin1'),
    ]),
  };
}

/** Tells whether it was read; throws where the parser of all mails reads it in another way. */
async function isReadAlike(bytes: Buffer): Promise<boolean> {
  const head = bytes.subarray(0, FIRST_BYTES);
  const read = readPlainMail(head);
  if (!read) return false;
  expect(plain(read)).toEqual(plain(await PostalMime.parse(head, { forceRfc822Attachments: true })));
  return true;
}

test('when a report is written as servers write most, then it is read', async () => {
  for (const mail of [bounceMail('ada@example.org', '5.1.1'), complaintMail('ada@example.org', '<x@y>')])
    for (const ends of ['\n', '\r\n']) expect(await isReadAlike(Buffer.from(mail.replaceAll('\n', ends)))).toBe(true);
});

test('when a mail of the corpus is read, then as the parser of all mails does', async () => {
  let read = 0;
  const all = [...own, ...(corpus ?? [])];
  for (const { bytes } of all) if (await isReadAlike(bytes)) read++;
  expect(read).toBeGreaterThan(all.length / 4);
});

test('whatever is broken in a mail, it is read alike or not at all', async () => {
  await fc.assert(
    fc.asyncProperty(mutant, async ({ bytes }) => void (await isReadAlike(bytes))),
    { numRuns: 1_000 },
  );
});

const line = fc.constantFrom(
  ...['', ' ', '\t folded', '--b', '--b--', '--b ', '--b\t', '--bb', '--b-', '--', 'words', '>From me', ': nothing'],
  ...[
    'Subject: =?utf-8?q?a=20b?= c',
    'Subject:  two  ',
    'To: Ada <ada@example.org>, b@c',
    'To: team: a@b, c@d;',
    'From: x',
  ],
  ...['Content-Type: text/plain', 'Content-Type: TEXT/Plain; charset=UTF-8', 'Content-Type: text/plain; charset=utf-7'],
  ...[
    'Content-Type: text/plain; format=flowed',
    'Content-Type: multipart/report; boundary=b',
    'Content-Type: text/html',
  ],
  ...['Content-Type: multipart/report; report-type=delivery-status;', ' boundary="b"', 'Content-Type: message/rfc822'],
  ...[
    'Content-Type: message/delivery-status',
    'Content-Type: multipart/report; boundary="b"; boundary=c',
    'content-type:',
  ],
  ...['Content-Transfer-Encoding: 7bit', 'Content-Transfer-Encoding: base64', 'Content-Disposition: inline', 'QUJD'],
  ...[
    'Content-Type: multipart/report; boundary=" b"',
    'Content-Type: text/plain;',
    'Content-Type: text/rfc822-headers',
  ],
);

test('whatever lines a mail is made of, it is read alike or not at all', async () => {
  const mail = fc.tuple(fc.array(line, { maxLength: 24 }), fc.constantFrom('\n', '\r\n'), fc.constantFrom('', '\n'));
  await fc.assert(
    fc.asyncProperty(mail, async ([lines, ends, last]) => {
      await isReadAlike(Buffer.from(lines.join(ends) + last));
      const report = ['Content-Type: multipart/report; boundary=b', '', '--b', ...lines];
      await isReadAlike(Buffer.from(report.join(ends) + last));
    }),
    { numRuns: 5_000 },
  );
});
