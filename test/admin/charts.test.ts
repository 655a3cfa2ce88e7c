import { expect, test } from 'vitest';
import { chartsOf } from '../../src/admin/today/charts.ts';
import type { Saying } from '../../src/admin/saying.ts';
import { translator } from '../../src/lib/strings.ts';

test('when somebody confirmed on the first day that is shown, then they count for how many read that day', () => {
  const say = { language: 'en', words: translator('en'), count: String } as unknown as Saying;
  const days = [{ day: '2025-10-08', asked: 1, confirmed: 1, left: 0 }];
  const [readers] = chartsOf(days, 1, '2026-01-05', 90, say);
  expect([readers?.says, readers?.from]).toEqual(['One reader 89 days ago, 1 today.', '8 Oct 2025']);
});
