import { expect, test } from 'vitest';
import { reportOf } from '../../src/operate/report-edition.ts';

const sum = (
  state: 'sent' | 'bounced' | 'cancelled',
  count: number,
  endReason: 'refused' | 'paused' | null = null,
) => ({
  ...{ editionId: 1, state, endReason, count },
});

test('when an edition is over, then the report says what was sent and, by reason, what was not', () => {
  const { subject, lines } = reportOf('daily:2026-01-05', [
    sum('bounced', 2, 'refused'),
    sum('sent', 409),
    sum('cancelled', 3, 'paused'),
  ]);
  expect(subject).toBe('daily:2026-01-05: 409 of 414 sent');
  expect(lines).toEqual([
    'daily:2026-01-05 is over: 409 of 414 mails were taken by their servers.',
    'Not sent: 5.',
    '3: cancelled (the reader paused)',
    '2: refused for good (refused by the server)',
    'Each number with the mails behind it: /admin/editions/daily%3A2026-01-05',
  ]);
});

test('when everything was sent, then the report names no reasons', () => {
  expect(reportOf('weekly:2026-W01', [sum('sent', 7)]).lines).toHaveLength(2);
});
