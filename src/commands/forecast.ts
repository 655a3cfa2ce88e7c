import { Command } from 'commander';
import { forecastView } from '../api/schemas/forecast.ts';
import { loadConfig } from '../config.ts';
import { liveConfig, refreshSettings } from '../live-settings.ts';
import { clock, openLook } from '../look.ts';
import { forecast, type Forecast } from '../operate/forecast/forecast.ts';
import type { DestinationForecast } from '../operate/forecast/tell.ts';
import { instantOption, printTable, wholeNumberOption } from './support.ts';

interface ForecastFlags {
  hours: number;
  readers?: number;
  now?: Date;
  json?: boolean;
}

/** Destinations that are told in words. */
const MOST = 20;

/** Builds `offprint forecast`: who is due, what the limits let through, who will be late (exit code 1). */
export function forecastCommand(): Command {
  return new Command('forecast')
    .option('--hours <n>', 'how far ahead', wholeNumberOption(1), 24)
    .option('--readers <n>', 'as if there were so many readers, spread as those who are here', wholeNumberOption(1))
    .option('--now <instant>', 'as if it were this instant, such as 2025-12-31T08:00:00Z', instantOption)
    .option('--json', 'print one object')
    .action(async ({ hours, readers, now, json }: ForecastFlags) => {
      const config = liveConfig(loadConfig());
      const look = await openLook(config);
      try {
        const ctx = { db: look.db, config, now: now ? () => now : clock };
        await refreshSettings(ctx);
        const told = await forecast(ctx, { hours, readers: readers ?? null });
        if (json) process.stdout.write(`${JSON.stringify(forecastView(told))}\n`);
        else print(told);
        process.exitCode = Math.round(told.late) > 0 ? 1 : 0;
      } finally {
        await look.close();
      }
    });
}

function print(told: Forecast): void {
  const busy = told.hours.filter(({ due, sent, waiting, late }) => due + sent + waiting + late >= 1);
  printTable(
    busy.map(({ from, due, sent, waiting, late }) => ({
      hour: `${new Date(from).toISOString().slice(0, 13).replace('T', ' ')}:00 UTC`,
      ...{ due: count(due), sent: count(sent), waiting: count(waiting), late: count(late) },
    })),
    'Nobody is due.',
  );
  const lines = told.destinations.slice(0, MOST).map(sentence);
  process.stdout.write(`\n${[...lines, summary(told)].join('\n')}\n`);
}

function sentence({ destination, at, due, minutes, late, perMinute, heldBy, help }: DestinationForecast): string {
  const where = destination === '' ? 'elsewhere' : destination === '*' ? 'in all' : `at ${destination}`;
  const pace = perMinute === null ? (heldBy ? ` with ${heldBy}` : '') : ` at ${count(perMinute)} a minute`;
  const takes = `${count(due)} ${where} due ${at.toISOString().slice(11, 16)} need ${count(minutes)} minutes${pace}`;
  return late > 0 ? `${takes}; ${count(late)} will be late. Helps: ${help ?? ''}` : takes;
}

function summary({ due, late, figures }: Forecast): string {
  const all =
    late >= 1
      ? `${count(late)} of ${count(due)} newsletters will be late.`
      : `All ${count(due)} newsletters leave in time.`;
  const { perMinute, changedAt } = figures;
  const share = figures.share ?? figures.weeklyShare;
  const since = changedAt === null ? '' : ' since a limit was changed';
  const speed =
    perMinute === null
      ? `no speed is known, since too few mails left${since}`
      : `${count(perMinute)} mails a minute are possible`;
  const got = share === null ? '' : `; on full days ${Math.round(share * 100)} % of slots bring a newsletter`;
  return `${all} By the last 7 days: ${speed}${got}.`;
}

function count(n: number): string {
  return (n < 10 ? Math.round(n * 10) / 10 : Math.round(n)).toLocaleString('en');
}
