import type { AddressInfo } from 'node:net';
import { relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { loadConfig, type Config } from '../config.ts';
import { showLife } from '../heartbeat.ts';
import { followSettings } from '../live-settings.ts';
import type { Door } from '../feedback/doors/door.ts';
import { openDoors } from '../feedback/doors/open-doors.ts';
import { restWhileSending } from '../feedback/give-way.ts';
import { takeIn } from '../feedback/run-feedback.ts';
import { isSampleSource } from '../samples.ts';
import { FIRST_HOURS, offerFirstSignIn } from '../operate/first-owner.ts';
import { holdWhereBehind } from '../operate/hold-where-behind.ts';
import { startScheduler } from '../scheduler.ts';
import { createHttpApp } from '../http/app.ts';
import { isDevelopment } from '../http/loopback.ts';
import { createHttpServer } from '../http/server.ts';
import { watchForTrouble } from '../operate/alarms/watch.ts';
import { endOnSignal, type EndStep } from './end-on-signal.ts';
import { closeServer, listen } from './listen.ts';
import { openLasting } from './open-lasting.ts';
import { workQueue } from './worker.ts';

/** Builds `offprint serve`: web, scheduler and a worker in one process. */
export function serveCommand(): Command {
  return new Command('serve').action(() => serve());
}

/**
 * Starts everything and returns once it listens. SIGINT ends it within 10 seconds; SIGTERM too, or within a little more
 * than DRAIN_SECONDS, for which it serves on while /readyz says that it is going.
 */
export async function serve(): Promise<void> {
  const config = loadConfig();
  const say = (line: string) => process.stdout.write(`${line}\n`);
  const steps: EndStep[] = [];
  const drainMs = config.DRAIN_SECONDS * 1_000;
  const opening = openLasting(config, { progress: say });
  endOnSignal(opening, steps, drainMs);
  const ctx = await opening;
  await holdWhereBehind(ctx, 'job:journal'); // before anybody leaves newer traces
  const take = takeIn(ctx, { rest: restWhileSending(ctx) });
  const server = createHttpServer(createHttpApp(ctx, { takeIn: take }), { ending: ctx.ending });
  let doors: Door;
  try {
    doors = await openDoors(ctx, take);
    await listen(server, config.PORT, 'PORT');
  } catch (error) {
    await ctx.close();
    throw error;
  }
  const stopWork = await workQueue(ctx);
  steps.push(startScheduler(ctx, { all: config.SCHEDULER === 'on' }));
  steps.push((signal) => together(stopWork(), drained(signal, drainMs)));
  steps.push(() => together(closeServer(server), doors.close()));
  steps.push(followSettings(ctx), await showLife(ctx, 'serve'), watchForTrouble(ctx));
  await ctx.queue.wake('ingest');
  welcome(config, (server.address() as AddressInfo).port, say, await offerFirstSignIn(ctx));
}

/** Waits while proxies see that this process is going and pass it by; somebody at a keyboard does not want to wait. */
async function drained(signal: NodeJS.Signals, ms: number): Promise<void> {
  if (signal === 'SIGTERM') await sleep(ms);
}

async function together(...all: Promise<void>[]): Promise<void> {
  await Promise.all(all);
}

function welcome(config: Config, port: number, say: (line: string) => void, first: string | null): void {
  const base = config.PUBLIC_URL.replace(/:0$/, `:${port}`);
  say(`Sign up:             ${base}/`);
  say(mailsLine(config, base));
  if (first !== null) say(`Admin pages:         ${base}${first}  (once, within ${FIRST_HOURS} hours)`);
  if (config.SOURCES.some(({ name }) => isSampleSource(config, name)))
    say('Papers:              samples that come with Offprint, until SOURCES names real lists');
  say(`Today's newsletter:  npx offprint preview --interest "language models" --out preview`);
}

/** Says where mails go; the outbox is a page where it can be opened at all. */
function mailsLine(config: Config, base: string): string {
  if (config.SMTP_URL) return `Mails leave through: ${config.SMTP_URL.map(({ name }) => name).join(', ')}`;
  const folder = `${relative(process.cwd(), config.DATA_DIR) || '.'}/outbox`;
  return isDevelopment(config)
    ? `Mails appear at:     ${base}/outbox  (and as files in ${folder})`
    : `Mails are files in:  ${folder}  (SMTP_URL names no mail server)`;
}
