import { describe, expect, it } from 'vitest';
import { writtenDay } from '../../../src/ingest/sources/written-dates.ts';

describe('dates as people and programs write them', () => {
  it.each([
    '2026-11-20T06:00:00Z',
    '2026-11-20 23:59:59-08:00',
    '2026/11/20 10:00',
    '2026.11.20',
    '20261120',
    '20261120T060000Z',
    'Fri, 20 Nov 2026 06:01:21 +0000',
    'Fri,20 Nov 2026 10:00:00 GMT',
    'fri, 20 nov 2026 10:00:00 gmt',
    '20 November 2026',
    '20th Nov. 2026',
    '20-Nov-2026',
    'Friday, 20-Nov-26 10:00:00 GMT',
    'November 20, 2026',
    'Nov. 20th, 2026, 10 am',
    'Fri Nov 20 10:00:00 2026',
    'Fri Nov 20 10:00:00 UTC 2026',
    '2026 Nov 20',
    '20.11.2026',
    '11/20/2026',
    '20/11/2026',
    '2026年11月20日',
    ' 2026-11-20 ',
    'Fre, 20 Nov 2026 10:00:00 +0100',
    '20. November 2026',
    'vr, 20 nov 2026',
    'ven., 20 novembre 2026 10:00:00 +0100',
    '20 de noviembre de 2026',
    '1795132800',
    '1795132800000',
  ])('when it is «%s», then it is 20 November 2026', (text) => {
    expect(writtenDay(text)).toBe('2026-11-20');
  });

  it('when a month or day has one digit, then it is read', () => {
    expect(writtenDay('2026-11-9')).toBe('2026-11-09');
    expect(writtenDay('Sun, 1 Mar 2026 00:00:00 GMT')).toBe('2026-03-01');
    expect(writtenDay('Thu, 20 Nov 97 10:00:00 GMT')).toBe('1997-11-20');
  });

  it.each([
    ['27. Dez. 2026', '2026-12-27'],
    ['1. März 2026', '2026-03-01'],
    ['3 août 2026', '2026-08-03'],
    ['3 mei 2026', '2026-05-03'],
    ['3 juillet 2026', '2026-07-03'],
    ['3 giugno 2026', '2026-06-03'],
    ['3 de janeiro de 2026', '2026-01-03'],
  ])('when the month of «%s» is of another language, then it is read', (text, day) => {
    expect(writtenDay(text)).toBe(day);
  });

  it.each([
    '',
    'yesterday',
    'Mon, 31 Feb 2026 00:00:00 GMT',
    '3/4/2026',
    '2026-13-01',
    '20 Nov',
    'Nov 2026',
    '0000-00-00',
    'Thu, 01 Jan 1970 00:00:00 GMT',
  ])('when it is «%s», then it is no day', (text) => {
    expect(writtenDay(text)).toBeNull();
  });
});
