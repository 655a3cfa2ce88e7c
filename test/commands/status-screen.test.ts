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

test('when a welcome and an edition go out, then what was sent of the welcome in all years is not told', () => {
  const at = new Date('2026-01-05T12:00:00Z');
  const counts = {
    state: 'open',
    createdAt: at,
    bounced: 0,
    failed: 0,
    uncertain: 0,
    cancelled: 0,
    planned: 0,
  } as const;
  const screen = statusScreen({
    ...{ at, processes: [], relays: [], perMinute: 0, next: null, digest: null, backupAt: null, alarms: [], needs: [] },
    readers: { pending: 0, confirmed: 0, unsubscribed: 0 },
    running: [
      { ...counts, key: 'welcome:1', sent: 50_000, waiting: 1, minutesLeft: 2 },
      { ...counts, key: 'daily:2026-01-05', sent: 3, waiting: 4, minutesLeft: null },
    ],
  });
  expect(screen).toContain('  welcome:1: 1 wait, about 2 min left\n');
  expect(screen).toContain('  daily:2026-01-05: 3 sent, 4 wait, nothing leaves just now\n');
});
