import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/lib/errors.ts';
import { isOutage } from '../../src/lib/outage.ts';
import { translator } from '../../src/lib/strings.ts';

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return expect.fail('nothing was thrown');
}

describe('an outage', () => {
  it.each<[string, () => unknown]>([
    ['a JSON text that breaks off', () => JSON.parse('{"papers":["One') as unknown],
    ['a string that is missing', () => translator('en')('preview.timeout')],
    [
      'words about a timeout',
      () => {
        throw new Error('the timeout is over, the connection closed, ECONNRESET');
      },
    ],
    [
      'words of Prisma about another code',
      () => {
        throw new Error('Raw query failed. Code: `57P01`');
      },
    ],
    [
      'what may be shown',
      () => {
        throw new AppError('unavailable', 'terminated', { cause: { code: 'ECONNRESET' } });
      },
    ],
    [
      'a file that is missing',
      () => {
        throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
      },
    ],
    [
      'a relay that is gone, as Nodemailer says it',
      () => {
        throw Object.assign(new Error('Connection closed'), { code: 'ECONNECTION' });
      },
    ],
  ])('when it is %s, then it is none', (_what, work) => {
    expect(isOutage(thrownBy(work))).toBe(false);
  });

  it('when it is no error at all, then it is none', () => {
    for (const thrown of [null, undefined, 'ECONNRESET', 57]) expect(isOutage(thrown)).toBe(false);
  });

  it.each([
    '08006',
    '40P01',
    '53300',
    '57P01',
    '58030',
    'ECONNREFUSED',
    'EPIPE',
    'EAI_AGAIN',
    'P1001',
    'P1017',
    'P2024',
  ])('when the code is %s, then it is one, whatever the words', (code) =>
    expect(isOutage(Object.assign(new Error(''), { code }))).toBe(true),
  );

  it('when only the driver under Prisma has a code, then that is asked', () => {
    const under = (cause: object) =>
      Object.assign(new Error('x'), { code: 'P2010', meta: { driverAdapterError: { cause } } });
    expect(isOutage(under({ kind: 'postgres', originalCode: '57P01' }))).toBe(true);
    expect(isOutage(under({ kind: 'ConnectionClosed' }))).toBe(true);
    expect(isOutage(under({ kind: 'UniqueConstraintViolation', originalCode: '23505' }))).toBe(false);
    expect(
      isOutage(Object.assign(new Error('x', { cause: { kind: 'SocketTimeout' } }), { name: 'DriverAdapterError' })),
    ).toBe(true);
  });
});
