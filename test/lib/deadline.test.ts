import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { deadline } from '../../src/lib/deadline.ts';

it('when the time is over, then the signal ends with a word on why', async () => {
  const { signal } = deadline(5);
  await new Promise((resolve) => signal.addEventListener('abort', resolve));
  expect(signal.reason).toMatchObject({ name: 'TimeoutError' });
});

it('when somebody else stops, before or meanwhile, then it ends with their reason', () => {
  const stop = new AbortController();
  const meanwhile = deadline(60_000, stop.signal);
  stop.abort('enough');
  expect([meanwhile.signal.reason, deadline(60_000, stop.signal).signal.reason]).toEqual(['enough', 'enough']);
  meanwhile.done();
});

it('when the work is done, then neither the time nor another stop ends it any more', async () => {
  const stop = new AbortController();
  const limit = deadline(5, stop.signal);
  limit.done();
  stop.abort();
  await pause(20);
  expect(limit.signal.aborted).toBe(false);
});
