import { expect, test } from 'vitest';
import { statusScreen } from '../../src/commands/status-screen.ts';
import type { Status } from '../../src/operate/status.ts';

test.each([
  [10_001, 'for more than 10,000 readers'],
  [10_000, 'for 10000 readers'],
  [1, 'for 1 reader'],
])('when %i have the next slot, or stand for more, then the screen says «%s»', (readers, words) => {
  const at = new Date('2026-01-05T12:00:00Z');
  const status: Status = {
    ...{ at, processes: [], relays: [], perMinute: 0, running: [], next: { at, readers }, digest: null },
    ...{ readers: { pending: 0, confirmed: 0, unsubscribed: 0 }, backupAt: null, alarms: [], needs: [] },
  };
  const line = statusScreen(status)
    .split('\n')
    .find((text) => text.startsWith('Next slot'));
  expect(line?.endsWith(words)).toBe(true);
});
