import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { takeFiles } from '../../src/commands/feedback-take.ts';
import { envelopeRecipients, mailsIn } from '../../src/feedback/doors/mail-files.ts';
import { splitMbox } from '../../src/feedback/doors/split-mbox.ts';
import { outage, recorder, type Recorder } from './recorder.ts';

const report = (name: string, more = '') =>
  [
    `Delivered-To: b+${name}@bounce.example.org`,
    'From: MAILER-DAEMON@mx.example.com',
    'Subject: Undelivered Mail Returned to Sender',
    '',
    `<${name}@example.com>: 550 5.1.1 User unknown`,
    more,
    '',
  ].join('\n');
const SEPARATOR = 'From MAILER-DAEMON Mon Jan  5 12:00:00 2026\n';
/** As mboxrd writes it. */
const quoted = (mail: string) => mail.replace(/^(>*From )/gm, '>$1');
const mboxOf = (mails: readonly string[], end = '\n') =>
  mails
    .map((mail) => `${SEPARATOR}${quoted(mail)}\n`)
    .join('')
    .replaceAll('\n', end);

let folder: string;
let taken: Recorder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'offprint-mails-'));
  taken = recorder();
});

const put = (name: string, content: string) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

/** Runs the command over files; returns its exit code and what it said. */
async function take(
  files: string[],
  options: { json?: boolean; rcpt?: string[]; input?: string; dryRun?: boolean } = {},
) {
  const [said, wrong]: [string[], string[]] = [[], []];
  const { input, dryRun = false, ...rest } = options;
  const taking = {
    ...rest,
    ...(input !== undefined && { stdin: Readable.from([Buffer.from(input)]) }),
    say: (line: string) => void said.push(line),
    complain: (line: string) => void wrong.push(line),
  };
  return { code: await takeFiles(files, taking, dryRun ? null : taken.takeIn), said, wrong };
}

describe('an mbox', () => {
  test('when it comes in pieces of any length, then each mail is as it was before, and nothing else is one', async () => {
    const line = fc.constantFrom(
      '',
      'From here on',
      '>From there',
      '>>From far',
      'text',
      'From a@b Mon Jan  5 12:00:00 2026',
    );
    const mail = fc
      .array(line, { minLength: 1, maxLength: 8 })
      .map((lines) => `Subject: x\n\n${lines.join('\n')}\nend\n`);
    await fc.assert(
      fc.asyncProperty(
        fc.array(mail, { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 1, max: 60 }),
        async (mails, size) => {
          const whole = Buffer.from(mboxOf(mails));
          const pieces = async function* () {
            for (let at = 0; at < whole.length; at += size) yield await Promise.resolve(whole.subarray(at, at + size));
          };
          const found: string[] = [];
          for await (const bytes of splitMbox(pieces(), 1_000)) found.push(bytes.toString());
          expect(found).toEqual(mails);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('when its lines end with CRLF, or a line only begins like a mail, then it is read all the same', async () => {
    const two = [report('ada', 'From here\n\nFrom the team'), report('bo')];
    const file = put('crlf.mbox', mboxOf(two, '\r\n').replaceAll('>From', 'From'));
    const { code } = await take([file], { json: true });
    expect(code).toBe(0);
    expect(taken.events.map(({ recipients }) => recipients[0]?.address)).toEqual(['ada@example.com', 'bo@example.com']);
  });

  test('when a mail in it is longer than any should be, then its beginning is taken, and the next whole', async () => {
    const most = 2_000;
    const path = put('long.mbox', mboxOf([report('ada', 'x'.repeat(50_000)), report('bo')]));
    const found: string[] = [];
    for await (const { bytes } of mailsIn(path, { stdin: Readable.from([]), most })) found.push(bytes.toString());
    expect(found[0]).toHaveLength(most);
    expect(found[1]).toBe(report('bo'));
  });
});

describe('offprint feedback', () => {
  test('when files with a mail each are given, then each is told on a line, with whom it was for', async () => {
    const files = [put('a.eml', report('ada')), put('b.eml', 'From: bo@example.com\nSubject: Re: Papers\n\nThank you')];
    const { code, said } = await take(files, { json: true });
    expect(code).toBe(0);
    expect(said.map((line) => JSON.parse(line) as unknown)).toMatchObject([
      {
        file: files[0],
        kind: 'bounce',
        recipients: [{ address: 'ada@example.com', class: 'hard', status: '5.1.1', reply: '550' }],
        new: true,
      },
      { file: files[1], kind: 'other', recipients: [], new: true },
    ]);
    expect(taken.received.map(({ door, recipients }) => [door, recipients])).toEqual([
      ['file', ['b+ada@bounce.example.org']],
      ['file', []],
    ]);
    expect((await take(files)).said[0]).toBe(
      `${files[0]}: {"kind":"bounce","recipients":[{"address":"ada@example.com","class":"hard","status":"5.1.1","reply":"550"}]}`,
    );
    expect(taken.again).toBe(2);
  });

  test('when a mail server pipes a mail in, then --rcpt says whom it was for, and it is one mail whatever it holds', async () => {
    const input = `${SEPARATOR}${report('ada', `\n${SEPARATOR}`)}`;
    const { code } = await take(['-'], { input, rcpt: ['b+1-2@bounce.example.org'] });
    expect(code).toBe(0);
    expect(taken.received).toMatchObject([{ name: '-', recipients: ['b+1-2@bounce.example.org'] }]);
  });

  test('when an mbox and a Maildir are given, then each mail is taken in, and they are counted', async () => {
    const mbox = put('mbox', mboxOf([report('ada'), report('bo'), report('ada')]));
    const maildir = join(folder, 'Maildir');
    for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, name), { recursive: true });
    writeFileSync(join(maildir, 'new', '1.host'), report('cy'));
    writeFileSync(join(maildir, 'cur', '2.host:2,S'), 'From: di@example.com\nSubject: Re: Papers\n\nThank you');
    writeFileSync(join(maildir, 'tmp', '3.host'), report('half'));
    const { code, said } = await take([mbox, maildir]);
    expect(code).toBe(0);
    expect(said).toEqual([
      `${mbox}: 3 mails: 3 bounce; 1 of them were taken in before`,
      `${maildir}: 2 mails: 1 bounce, 1 other`,
    ]);
    expect(taken.received.map(({ name }) => name)).toEqual([
      `${mbox}#1`,
      `${mbox}#2`,
      join(maildir, 'new', '1.host'),
      join(maildir, 'cur', '2.host:2,S'),
    ]);
  });

  test('when it is dry, then each mail of each kind of file is told, and none is taken in', async () => {
    const [ada, bo] = [report('ada'), report('bo')];
    const files = [put('a.eml', ada), put('mbox', mboxOf([ada, bo])), join(folder, 'Maildir')];
    mkdirSync(join(folder, 'Maildir', 'new'), { recursive: true });
    writeFileSync(join(folder, 'Maildir', 'new', '1.host'), bo);
    const names = [files[0], `${files[1]}#1`, `${files[1]}#2`, join(folder, 'Maildir', 'new', '1.host')];
    const { code, said } = await take(files, { json: true, dryRun: true });
    const told = said.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect([code, told.map(({ file }) => file)]).toEqual([0, names]);
    for (const each of told)
      expect(each).toEqual({ file: each['file'], kind: 'bounce', recipients: [expect.anything()] });
    const inWords = await take(files, { dryRun: true });
    expect(inWords.said.filter((line) => line.includes('{')).map((line) => line.split(': {')[0])).toEqual(names);
    expect(inWords.said).toContain(`${files[1]}: 2 mails: 2 bounce`);
    expect(taken.received).toEqual([]);
  });

  test('when it is dry and a file cannot be read, or is empty, then the others are told and the exit code is 65', async () => {
    const files = [join(folder, 'none.eml'), '-', put('a.eml', report('ada'))];
    const { code, said, wrong } = await take(files, { dryRun: true, json: true, input: '' });
    expect([code, wrong]).toEqual([65, [expect.stringContaining('none.eml'), expect.stringContaining('it is empty')]]);
    expect(said).toHaveLength(1);
  });

  test.each([
    ['that is not there', (): string => join(folder, 'none.eml')],
    ['that is empty', (): string => put('empty.eml', '')],
    ['that is a folder of something else', (): string => folder],
  ])('when a file is given %s, then the others are taken in and the exit code is 65', async (_what, odd) => {
    const { code, wrong } = await take([odd(), put('a.eml', report('ada'))]);
    expect(code).toBe(65);
    expect(wrong).toEqual([expect.stringMatching(/^offprint: .*expected a mail/)]);
    expect(taken.received).toHaveLength(1);
  });

  test('when the database is away, then the exit code is 75, and the same files go in later, each once', async () => {
    const files = [put('mbox', mboxOf(['ada', 'bo', 'cy', 'di', 'ed', 'flo'].map((name) => report(name))))];
    const takeIn = taken.takeIn;
    let count = 0;
    taken.takeIn = (received) => (++count > 3 ? Promise.reject(outage()) : takeIn(received));
    const { code, wrong } = await take(files);
    expect([code, wrong]).toEqual([75, ['offprint: connect ECONNREFUSED 127.0.0.1:5432']]);
    taken.takeIn = takeIn;
    expect((await take(files)).code).toBe(0);
    expect(taken.received).toHaveLength(6);
    expect(taken.again).toBe(3);
  });
});

test('when a header names whom the envelope was for, then they are found in it, and nowhere behind it', () => {
  const mail =
    'X-Original-To: b+1@x.example\r\nDELIVERED-TO: <b+1@x.example>\r\nEnvelope-to: B+2@x.example\r\n\r\nDelivered-To: no@x.example';
  expect(envelopeRecipients(Buffer.from(mail))).toEqual(['b+1@x.example', 'b+2@x.example']);
});
