import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { slotInstant } from '../../src/lib/time.ts';
import { listedZones, todaysZone } from '../../src/lib/time-zones.ts';
import { nextDue } from '../../src/plan/due.ts';
import { DEFAULT_SCHEDULE } from '../../src/model/subscriber.ts';
import { checkSignUp } from '../../src/subscribers/sign-up.ts';
import { formView } from '../../src/web/form-view.ts';
import { valuesOf } from '../../src/web/form-values.ts';
import { instantText } from '../../src/web/words.ts';

/** Names that Intl takes and in which no slot can be reckoned, and names of nothing. */
const REFUSED =
  'IST PST ACT AET AGT ART AST BET BST CAT CNT CST CTT EAT ECT IET JST MIT NET NST PLT PNT PRT SST VST Factory Mars/X'
    .split(' ')
    .concat('', '+02:00', 'Etc/Unknown', 'Europe/Berlin; DROP', 'Pacific Standard Time');

/** Every name of the IANA database, where this system has its source. */
const SOURCE = '/usr/share/zoneinfo/tzdata.zi';
const iana = existsSync(SOURCE)
  ? readFileSync(SOURCE, 'utf8')
      .split('\n')
      .flatMap((line) => (/^[LZ] /.test(line) ? line.split(' ').slice(1, line.startsWith('L') ? 3 : 2) : []))
  : [];

const zoneOf = (timeZone: string) => {
  const checked = checkSignUp({ email: 'a@b.example', timeZone }, { topics: new Set(), maxPapers: 10 });
  return checked.ok ? checked.value.preferences.timeZone : checked.problems.map(({ field }) => field).join();
};

describe('a name of a time zone', () => {
  test.each(REFUSED)('when it is «%s», in which nothing can be reckoned, then the door refuses it', (name) => {
    expect(todaysZone(name)).toBeNull();
    expect(zoneOf(name)).toBe('timeZone');
  });

  test.each([
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Asia/Kolkata', 'Asia/Kolkata'],
    ['Europe/Kiev', 'Europe/Kyiv'],
    ['Europe/Zaporozhye', 'Europe/Kyiv'],
    ['America/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['America/Fort_Wayne', 'America/Indiana/Indianapolis'],
    ['America/Godthab', 'America/Nuuk'],
    ['Asia/Katmandu', 'Asia/Kathmandu'],
    ['Asia/Saigon', 'Asia/Ho_Chi_Minh'],
    ['Asia/Rangoon', 'Asia/Yangon'],
    ['US/Pacific', 'America/Los_Angeles'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Europe/Oslo', 'Europe/Oslo'],
    ['GB', 'Europe/London'],
    ['Etc/UTC', 'UTC'],
    ['GMT', 'UTC'],
    [' Asia/Tokyo ', 'Asia/Tokyo'],
  ])('when it is «%s», then it is kept as %s', (name, today) => {
    expect(zoneOf(name)).toBe(today);
  });

  test(`when it is any of the ${iana.length} of the IANA database, then it is refused, or reckons and shows alike`, () => {
    for (const name of iana) {
      const zone = todaysZone(name);
      if (zone === null) continue;
      expect([name, todaysZone(zone)]).toEqual([name, zone]);
      expect(slotInstant('2026-06-05', 8, zone)).toEqual(slotInstant('2026-06-05', 8, name));
      const due = nextDue({ ...DEFAULT_SCHEDULE, timeZone: zone }, new Date('2026-06-05T12:00:00Z'), null);
      if (zone !== 'UTC') expect(instantText('en', due, zone)).not.toMatch(/UTC/);
    }
  });
});

describe('the list of the form', () => {
  test('when it is made, then each zone stands on it once, under its name of today, older ones as another name', () => {
    const names = listedZones().map(({ name }) => name);
    expect(names[0]).toBe('UTC');
    expect(names.length).toBeGreaterThan(400);
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(todaysZone(name)).toBe(name);
    expect(names).toEqual(expect.arrayContaining(['Asia/Kolkata', 'Europe/Kyiv', 'America/Argentina/Buenos_Aires']));
    for (const old of ['Asia/Calcutta', 'Europe/Kiev', 'America/Buenos_Aires']) expect(names).not.toContain(old);
    expect(listedZones().find(({ name }) => name === 'Asia/Kolkata')?.also).toBe('Asia/Calcutta');
  });

  test.each([
    ['Asia/Calcutta', 'Asia/Kolkata'],
    ['Europe/Kyiv', 'Europe/Kyiv'],
    ['US/Eastern', 'America/New_York'],
    ['Etc/GMT+5', 'Etc/GMT+5'],
    ['Mars/Olympus', 'Mars/Olympus'],
  ])('when a reader is kept under %s, then %s alone is chosen', (kept, chosen) => {
    const values = { ...valuesOf(new Map(), {} as never), timeZone: kept };
    const zones = formView((key) => key, 'en', [], values, {}, false).zones.flatMap((group) => group.zones);
    expect(zones.filter((zone) => zone.chosen).map(({ value }) => value)).toEqual([chosen]);
  });
});
