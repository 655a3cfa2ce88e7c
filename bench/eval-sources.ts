/**
 * Judges the health of lists: `npm run eval:sources [FOLDER]`. Whole days, and each fault on each of them, as a table
 * of what they are taken for; and days played hour by hour as they fill. FOLDER holds archived answers of daily_papers,
 * YYYY-MM-DD.json; without one the archive beside the repository is taken where it is there.
 */
import { join, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { PACKAGE_ROOT } from '../src/config.ts';
import { hearResults } from './results.ts';
import { confuse, confusionTable, sumOf, type Confusion } from './sources/confusion.ts';
import { drawDays, inventDays, readDays } from './sources/days.ts';
import { MUST_CATCH } from './sources/faults.ts';
import { playFilling } from './sources/filling.ts';
import { randomOf } from './train-vectors/random.ts';

/** Days of a run, and how many runs. */
const DAYS = 558;
const RUNS = 4;
/** At most one false alarm in so many whole days; at least this share of faults caught. */
const ONE_FALSE_IN = 250;
const LEAST_CAUGHT = 0.99;

const results = hearResults('eval:sources');
const folder = process.argv[2] ?? join(resolve(PACKAGE_ROOT, '..', 'shared'), 'data', 'digests', 'hf-json');
const misses: string[] = [];
const runs = (daysOf: (random: () => number) => Parameters<typeof confuse>[0]) =>
  sumOf(Array.from({ length: RUNS }, (_, run) => confuse(daysOf(randomOf(run + 1)), randomOf(run + 101))));

tell(
  `${RUNS} runs of ${DAYS} invented weekdays`,
  runs((random) => inventDays(DAYS, random)),
);
if (existsSync(folder)) {
  const real = readDays(folder, /^\d{4}-\d\d-\d\d\.json$/);
  tell(`${real.length} archived days as they are`, confuse(real, randomOf(1)), false);
  tell(
    `${RUNS} runs of ${DAYS} weekdays, five archived ones in a row at a time`,
    runs((random) => drawDays(real, DAYS, random)),
  );
  const { days, looks, filling, alarms } = playFilling(folder);
  say(
    `\nFilling: ${days} archived days looked at ${looks} times, ${filling} of them while they filled: ${alarms.length} alarms`,
  );
  if (alarms.length > 0) misses.push(...alarms);
} else say(`\nNo archived days at ${folder}.`);
await results.finish();
if (misses.length > 0) {
  process.stderr.write(`${misses.join('\n')}\n`);
  process.exitCode = 1;
}

function tell(what: string, confusion: Confusion, isFloored = true): void {
  const { whole, faults, falseAlarms } = confusion;
  say(`\n${what}: ${falseAlarms.length} false alarms on ${whole.judged} whole days\n\n${confusionTable(confusion)}\n`);
  for (const line of falseAlarms.slice(0, 5)) say(line);
  if (falseAlarms.length * ONE_FALSE_IN > whole.judged) misses.push(`${what}: ${falseAlarms.length} false alarms`);
  for (const { fault, judged, caught } of isFloored ? faults : [])
    if (MUST_CATCH.includes(fault) && caught < judged * LEAST_CAUGHT)
      misses.push(`${what}: ${caught} of ${judged} ${fault} lists caught`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
