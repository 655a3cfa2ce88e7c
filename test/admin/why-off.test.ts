import { expect, test } from 'vitest';
import { whyOffText } from '../../src/admin/why-off.ts';
import { translator } from '../../src/lib/strings.ts';

const german = { words: translator('de'), language: 'de' } as const;

test.each([
  ['switched off by hand', 'von Hand ausgeschaltet'],
  ['it answered 410 Gone', 'die Antwort war 410 Gone'],
  ['it has failed since 2026-01-05T08:00:00.000Z, lately: 500', /^schlägt seit .*5\. Jan\. 2026.* fehl, zuletzt: 500$/],
  ['it has failed since 2026-01-05T08:00:00.000Z, lately: answered 500', /zuletzt: die Antwort war 500$/],
  ['something an older release kept', 'something an older release kept'],
])('when a webhook is off because «%s», then a German page says it in German where it knows it', (because, said) => {
  expect(whyOffText(german, because)).toMatch(said);
});
