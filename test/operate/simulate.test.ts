import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config.ts';
import { simulate, type Batch, type Limits } from '../../src/operate/forecast/simulate.ts';
import { destinationsIn } from '../../src/operate/forecast/tell.ts';

const EIGHT = Date.parse('2026-01-05T08:00:00Z');
const MINUTE = 60_000;
const FREE: Limits = { all: null, destination: null, day: () => null, quiet: () => false };

const batch = (count: number, destination = 'gmail.com', parts: Partial<Batch> = {}): Batch => ({
  ...{ at: EIGHT, lateAt: EIGHT + 720 * MINUTE, destination, timeZone: 'UTC', count },
  ...parts,
  slotAt: parts.at ?? EIGHT,
});
const run = (batches: Batch[], limits: Partial<Limits>, from = EIGHT - 600 * MINUTE) => {
  const all = { ...FREE, ...limits };
  const { outcomes, hours } = simulate(batches, all, from);
  return {
    outcomes,
    hours,
    told: destinationsIn(outcomes, all, loadConfig({ DOMAIN_RATE_PER_MINUTE: '20', SEND_RATE_PER_SECOND: '1' })),
  };
};
const late = (outcomes: { late: number }[]) => Math.round(outcomes.reduce((sum, one) => sum + one.late, 0));

describe('simulate', () => {
  test('when a destination takes 20 a minute, then 3,400 need 170 minutes, and who is not served in 110 is late', () => {
    const limits: Partial<Limits> = { destination: { perMinute: 20, holder: 'DOMAIN_RATE_PER_MINUTE' } };
    const short = run([batch(3_400, 'gmail.com', { lateAt: EIGHT + 110 * MINUTE }), batch(100, 'example.org')], limits);
    expect(short.told[0]).toEqual({
      ...{ destination: 'gmail.com', at: new Date(EIGHT), due: 3_400, minutes: 170, late: 1_200 },
      ...{ heldBy: 'DOMAIN_RATE_PER_MINUTE', perMinute: 20, help: 'DOMAIN_RATE_PER_MINUTE=31' },
    });
    const raised = run([batch(3_400, 'gmail.com', { lateAt: EIGHT + 110 * MINUTE })], {
      destination: { perMinute: 31, holder: 'DOMAIN_RATE_PER_MINUTE' },
    });
    expect(late(raised.outcomes)).toBe(0);
    const long = run([batch(3_400)], limits);
    expect(long.told).toMatchObject([{ minutes: 169, late: 0, help: null }]);
    expect(long.hours.map(({ due, sent, waiting }) => [due, sent, waiting])).toEqual([
      [3_400, 1_200, 2_200],
      [0, 1_200, 1_000],
      [0, 1_000, 0],
    ]);
  });

  test('when all mail has a rate, then earlier slots go first and destinations of one slot share alike', () => {
    const limits: Partial<Limits> = { all: { perMinute: 60, holder: 'SEND_RATE_PER_SECOND' } };
    const nine = { at: EIGHT + 60 * MINUTE };
    const { outcomes, hours, told } = run(
      [batch(3_000, 'one.example'), batch(3_000, 'two.example'), batch(600, 'three.example', nine)],
      limits,
    );
    const [one, two, three] = ['one', 'two', 'three'].map((name) =>
      outcomes.find(({ destination }) => destination === `${name}.example`)!,
    );
    expect([one!.lastAt, two!.lastAt]).toEqual([EIGHT + 99 * MINUTE, EIGHT + 99 * MINUTE]);
    expect(three!.lastAt).toBe(EIGHT + 109 * MINUTE);
    expect(hours.map(({ sent }) => Math.round(sent))).toEqual([3_600, 3_000]);
    expect(told[0]).toMatchObject({ destination: '*', due: 6_000, minutes: 99, heldBy: 'SEND_RATE_PER_SECOND' });
  });

  test('when the speed is what a destination’s own limit left of it, then that limit holds, and raising it helps', () => {
    const limits: Partial<Limits> = {
      all: { perMinute: 98, holder: 'speed' },
      destination: { perMinute: 100, holder: 'DOMAIN_RATE_PER_MINUTE' },
    };
    const { told } = run([batch(80_000)], limits);
    expect(told).toMatchObject([
      { destination: 'gmail.com', heldBy: 'DOMAIN_RATE_PER_MINUTE', perMinute: 100, late: 80_000 - 720 * 98 },
    ]);
    // A speed far below the limit is the mail server's own.
    const slow = run([batch(80_000)], { ...limits, all: { perMinute: 60, holder: 'speed' } });
    expect(slow.told).toMatchObject([{ destination: '*', heldBy: 'speed', perMinute: 60 }]);
  });

  test('when a sender warms up, then each day has its number, and what waits over midnight goes on', () => {
    const days: Record<string, number | null> = { '2026-01-05': 50, '2026-01-06': 100 };
    const { outcomes } = run([batch(120, 'gmail.com', { lateAt: EIGHT + 2 * 1_440 * MINUTE })], {
      day: (date) => days[date] ?? null,
    });
    expect([late(outcomes), outcomes[0]?.heldBy, outcomes[0]?.lastAt]).toEqual([
      0,
      'WARM_UP',
      Date.parse('2026-01-06T00:00:00Z'),
    ]);
    const short = run([batch(120)], { day: (date) => days[date] ?? null });
    expect(short.told).toMatchObject([
      { late: 70, heldBy: 'WARM_UP', help: expect.stringContaining('WARM_UP') as string },
    ]);
  });

  test('when a zone is quiet after its slot, then the rest waits for its morning, and the hour of the slot is free', () => {
    const quiet: Limits['quiet'] = (time, zone, at) =>
      zone === 'UTC' && time - at >= 60 * MINUTE && time < EIGHT + 300 * MINUTE;
    const { outcomes } = run([batch(120)], { quiet, all: { perMinute: 1, holder: 'speed' } });
    expect([outcomes[0]?.lastAt, outcomes[0]?.heldBy, late(outcomes)]).toEqual([
      EIGHT + 359 * MINUTE,
      'QUIET_HOURS',
      0,
    ]);
  });

  test('whatever is due and whatever holds it, each mail leaves once or is late, and never faster than a limit', () => {
    const batches = fc.array(
      fc.record({
        slot: fc.nat(300),
        count: fc.nat(2_000),
        destination: fc.constantFrom('a', 'b', ''),
        patience: fc.integer({ min: 1, max: 400 }),
      }),
      { maxLength: 12 },
    );
    const limits = fc.record({
      all: fc.integer({ min: 1, max: 300 }),
      destination: fc.integer({ min: 1, max: 100 }),
      day: fc.nat(3_000),
    });
    fc.assert(
      fc.property(batches, limits, (given, { all, destination, day }) => {
        const made = given.map(({ slot, count, destination: name, patience }) => {
          const at = EIGHT + slot * MINUTE;
          return batch(count, name, { at, lateAt: at + patience * MINUTE });
        });
        const { outcomes, hours } = run(made, {
          ...{
            all: { perMinute: all, holder: 'speed' },
            destination: { perMinute: destination, holder: 'DOMAIN_RATE_PER_MINUTE' },
          },
          day: () => day,
        });
        const total = (of: 'due' | 'sent' | 'late') => hours.reduce((sum, hour) => sum + hour[of], 0);
        const due = given.reduce((sum, { count }) => sum + count, 0);
        expect(total('due')).toBeCloseTo(due, 3);
        expect(total('sent') + total('late')).toBeCloseTo(due, 3);
        expect(outcomes.reduce((sum, one) => sum + one.late, 0)).toBeCloseTo(total('late'), 3);
        for (const { sent } of hours) expect(sent).toBeLessThanOrEqual(60 * all + 1e-3);
        expect(total('sent')).toBeLessThanOrEqual(2 * day + 1e-3); // two days at most
      }),
      { numRuns: 200 },
    );
  });
});
