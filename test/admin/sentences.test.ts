import { describe, expect, test } from 'vitest';
import { spanText } from '../../src/admin/edition-page.ts';
import { adviceText } from '../../src/admin/feedback/advice.ts';
import { translator } from '../../src/lib/strings.ts';
import { ROLES } from '../../src/model/role.ts';
import { RULES } from '../../src/replies/rules.ts';

const [en, de] = [translator('en'), translator('de')];

test('when an edition took more than a thousand minutes, then they are told as a number of the language', () => {
  const first = new Date('2026-01-05T00:00:00Z');
  const sent = { first, last: new Date(first.getTime() + 1_020 * 60_000) };
  const told = [en, de].map((words) => spanText({ sent }, { words, when: () => '' })?.words);
  expect(told).toEqual(['Sent within 1,020 minutes', 'In 1.020 Minuten versendet']);
});

describe('what is said of some', () => {
  test.each([
    [en, 'admin.digests.ask.what', 0, 'It holds no paper. Newsletters that are chosen already go out.'],
    [
      en,
      'admin.digests.ask.what',
      1,
      'Its one paper goes into no newsletter any more, unless another list holds it. N',
    ],
    [en, 'admin.digests.ask.what', 2, 'Its 2 papers go into no newsletter any more, unless another list holds them. N'],
    [de, 'admin.digests.ask.what', 0, 'Sie enthält keinen Artikel. Was schon ausgewählt ist, geht hinaus.'],
    [de, 'admin.digests.ask.what', 1, 'Ihr einer Artikel kommt in keinen Newsletter mehr'],
    [de, 'admin.digests.ask.what', 2, 'Ihre 2 Artikel kommen in keinen Newsletter mehr'],
    [de, 'admin.digests.sentence.accepted', 0, 'Kein Artikel, gut. A'],
    [de, 'admin.digests.sentence.accepted', 1, 'Ein Artikel, gut; Leser bekommen ihn. A'],
    [de, 'admin.digests.sentence.accepted', 2, '2 Artikel, gut; Leser bekommen sie. A'],
    [de, 'admin.today.reading', 1, '1 liest mit'],
    [de, 'admin.today.reading', 1_200, '1.200 lesen mit'],
    [en, 'admin.today.reading', 1_200, '1,200 reading'],
    [de, 'admin.editions.uncertain', 1, 'Bei einer Mail ist unklar, ob sie ankam'],
    [de, 'admin.editions.uncertain', 3, 'Bei 3 Mails ist unklar, ob sie ankamen'],
    [de, 'admin.editions.ask.shownSince', 1, 'Eine bleibt: '],
    [de, 'admin.editions.ask.nothing', 1, 'Eine Person hat sie verpasst'],
    [en, 'admin.editions.ask.nothing', 1, 'One reader missed it'],
    [de, 'admin.log.note.cancelled', 1, 'eine wartende Mail storniert'],
    [en, 'admin.log.note.cancelled', 1, 'one waiting mail cancelled'],
    [en, 'admin.log.note.cancelled', 2, '2 waiting mails cancelled'],
    [en, 'admin.log.note.sessions', 1, 'one session'],
    [de, 'admin.log.note.sessions', 2, '2 Sitzungen'],
    [en, 'admin.log.note.matched', 1, 'one reader meant'],
    [de, 'admin.why.says.all-muted', 1, 'der eine passende ist stumm geschaltet'],
    [de, 'admin.why.says.all-shown', 2, 'alle 2 passenden wurden schon gezeigt'],
  ])('when there are so many, then it is a sentence: %#', (words, key, n, said) => {
    expect(words(key, { n, count: n, value: String(n), verdict: 'gut' })).toContain(said);
  });
});

test.each(['acts', 'had', 'mails', 'rejected', 'reports'])(
  'when the list «%s» goes on, then its pager is German',
  (name) => {
    expect(de('admin.list.pagesOf', { name })).toMatch(/^Seiten: /);
    expect(de('admin.list.pagesOf', { name }).toLowerCase()).not.toMatch(/acts|had|rejected|reports/);
  },
);

test('when a role is named, then by one name alone', () => {
  for (const role of ROLES) expect(de(`admin.log.value.${role}`)).toBe(de('admin.admins.role', { role }));
  expect(de('admin.log.ownersAlone')).toContain(de('admin.admins.role', { role: 'owner' }));
});

test('when a rule advises something, then a German page has words for it', () => {
  const advices = [...new Set(RULES.map(({ advice }) => advice))];
  expect(advices.length).toBeGreaterThan(20);
  expect(advices.filter((advice) => adviceText(en, { advice }) !== advice)).toEqual([]);
  expect(advices.filter((advice) => adviceText(de, { advice }) === advice)).toEqual([]);
});
