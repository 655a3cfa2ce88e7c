import { describe, expect, it } from 'vitest';
import { testDatabase } from '../support/database.ts';
import { often } from '../support/thorough.ts';
import { later, ours, sessions } from './moods/moods.ts';
import { playMood } from './moods/play.ts';
import { plainComposer } from '../world/composers.ts';

const database = testDatabase();

describe.each([
  ['a session that is used up', sessions],
  ['«later» to everybody', later],
  ['our own fault', ours],
])('%s costs no reader', (_, moods) => {
  it.each(moods.filter((_, nth) => nth % often(1, 6) === 0))('$name', { timeout: 180_000 }, async (mood) => {
    const { readers = 60 } = mood;
    const outcome = await playMood(database, { ...mood, readers }, {}, plainComposer());
    expect(outcome).toMatchObject({ sent: readers, repeated: 0, uncertain: 0, suppressed: 0 });
    if (mood.pauses !== 'any') expect(outcome.pauses > 0).toBe(mood.pauses === 'some');
    expect(outcome.alarms).toBe(outcome.pauses > 0 ? 1 : 0);
  });
});

it('when one mailbox is busy, then the others of its domain do not wait', async () => {
  const busy = ({ to }: { to: string }) =>
    to.startsWith('reader7@') ? '450 4.2.1 Mailbox busy, too many messages, slow down' : null;
  const mood = { name: 'busy', mood: () => ({ rcpt: busy }), readers: 44, domains: 1, pauses: 'none' as const };
  const outcome = await playMood(database, mood, {}, plainComposer());
  expect(outcome).toMatchObject({ sent: 43, failed: 1, pauses: 0, lastMinute: 0 });
  expect(await database.db.sendingPace.count()).toBe(0);
});
