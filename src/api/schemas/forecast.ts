import { z } from 'zod';
import type { Forecast } from '../../operate/forecast/forecast.ts';
import { HOLDERS } from '../../operate/forecast/simulate.ts';
import { instant } from './common.ts';

/** What is foreseen, as `forecast --json` tells it. */
export const forecastAnswer = z.object({
  from: instant,
  readers: z.int(),
  due: z.int().describe('Newsletters that are due, or wait already'),
  late: z.int().describe('Of these, how many would not leave in time'),
  speed: z
    .number()
    .nullable()
    .describe('Mails a minute that the last 7 days show to be possible under the limits of now; null: too few left'),
  share: z
    .number()
    .nullable()
    .describe(
      'Of readers whose slot came, how many got a newsletter on the fuller of the last 7 days; null: none came',
    ),
  hours: z.array(z.object({ from: instant, due: z.int(), sent: z.int(), late: z.int(), waiting: z.int() })),
  destinations: z.array(
    z.object({
      destination: z
        .string()
        .describe('Empty: all that are too small to be told apart; *: all that one limit holds together'),
      at: instant,
      ...{ due: z.int(), minutes: z.int(), late: z.int() },
      heldBy: z.enum(HOLDERS).nullable(),
      perMinute: z.number().nullable(),
      help: z.string().nullable().describe('A setting that would help'),
    }),
  ),
});

/** Tells what is foreseen. */
export function forecastView(told: Forecast): z.output<typeof forecastAnswer> {
  const { from, hours, destinations, due, late, figures, readers } = told;
  return {
    ...{ from: from.toISOString(), readers, due: Math.round(due), late: Math.round(late) },
    ...{ speed: figures.perMinute, share: figures.share ?? figures.weeklyShare },
    hours: hours.map((hour) => ({
      from: new Date(hour.from).toISOString(),
      ...{
        due: Math.round(hour.due),
        sent: Math.round(hour.sent),
        late: Math.round(hour.late),
        waiting: Math.round(hour.waiting),
      },
    })),
    destinations: destinations.map((one) => ({ ...one, at: one.at.toISOString() })),
  };
}
