import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { eventJson } from '../../src/feedback/event-json.ts';
import { parseReport } from '../../src/feedback/parse-report.ts';
import { cpuMsSince } from '../support/cpu.ts';
import { fieldsOf, reportOf, SAMPLES } from './reports.ts';

const parse = (mail: string) => parseReport(Buffer.from(mail, 'utf8'));

describe('a mail that comes back', () => {
  test.each(SAMPLES)('%s', async (_, mail, kind, named) => {
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const event = await parse(mail.replaceAll('\n', lineEnd));
      expect([lineEnd, event.kind, event.recipients.map(({ address }) => address)]).toEqual([lineEnd, kind, named]);
    }
  });

  test('when a report speaks of several, then each is judged by itself, with the line that decided', async () => {
    const second = fieldsOf('bob@lab.example', 'failed', '5.2.2', '552 5.2.2 Mailbox full').split('\n\n')[1]!;
    const { kind, recipients } = await parse(
      reportOf('x', `${fieldsOf('ada@lab.example', 'failed', '5.1.1', '550 5.1.1 No such user')}\n${second}`),
    );
    expect(kind).toBe('hard');
    expect(recipients).toMatchObject([
      {
        address: 'ada@lab.example',
        kind: 'hard',
        status: '5.1.1',
        reply: '550',
        about: 'address',
        rule: 'no-such-user',
      },
      { address: 'bob@lab.example', kind: 'soft', status: '5.2.2', about: 'mailbox', line: '552 5.2.2 Mailbox full' },
    ]);
  });

  test('when it is printed for programs, then it has the shape of the contract', async () => {
    const delayed = await parse(reportOf('x', fieldsOf('ada@lab.example', 'delayed', '4.4.1', '450 4.4.1 no')));
    const recipients = [{ address: 'ada@lab.example', class: 'soft', status: '4.4.1', reply: '450' }];
    expect(eventJson(delayed)).toEqual({ kind: 'bounce', recipients });
    expect(eventJson(await parse('')).kind).toBe('other');
  });

  test('when a report is lost and only what it returns is left, then nobody is named', async () => {
    for (const [name, mail] of SAMPLES) {
      const at = ['Content-Type: message/rfc822', 'Received: by']
        .map((each) => mail.indexOf(each))
        .find((each) => each > 0);
      if (at === undefined || name.startsWith('a complaint')) continue;
      const head = mail.slice(0, mail.indexOf('\n\n'));
      const begin = mail.includes('--b1') ? '--b1\n' : '';
      const { recipients } = await parse(`${head}\n\n${begin}${mail.slice(at)}`);
      expect([name, recipients]).toEqual([name, []]);
    }
  });

  test('when it is nested or parted without end, then it is read within bounds', async () => {
    const deep = Array.from(
      { length: 2_000 },
      (_, at) => `Content-Type: multipart/mixed; boundary=b${at}\n\n--b${at}\n`,
    );
    const wide = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\nContent-Type: message/delivery-status\n\nStatus: 5.1.1\n\n'.repeat(20_000)}`;
    for (const mail of [
      deep.join(''),
      wide,
      '<'.repeat(300_000),
      `Content-Type: text/html\n\n${'<style'.repeat(40_000)}`,
    ]) {
      const before = process.cpuUsage();
      expect((await parse(mail)).recipients).toEqual([]);
      expect(cpuMsSince(before)).toBeLessThan(1_500);
    }
  });

  test('whatever the bytes are, it never throws', async () => {
    const bytes = fc.uint8Array({ maxLength: 2_000 });
    await fc.assert(
      fc.asyncProperty(bytes, async (some) => {
        await parseReport(some);
      }),
      { numRuns: 300 },
    );
  });
});
