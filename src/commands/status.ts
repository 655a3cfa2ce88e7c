import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import { statusView } from '../api/schemas/status.ts';
import { loadConfig } from '../config.ts';
import { AppError, oneLine } from '../lib/errors.ts';
import { withoutSecrets } from '../lib/redact.ts';
import { liveConfig, refreshSettings } from '../live-settings.ts';
import { clock, openLook } from '../look.ts';
import { lookAtStatus, type Status } from '../operate/status.ts';
import { onlyShows } from './exit.ts';
import { statusScreen } from './status-screen.ts';

interface StatusFlags {
  watch?: boolean;
  json?: boolean;
}

/** How often --watch looks again. */
const AGAIN_MS = 2_000;
/** Clears a terminal and goes to its first line. */
const CLEAR = '\x1B[2J\x1B[H';

/** Builds `offprint status`: how the service stands, on one screen. */
export function statusCommand(): Command {
  return new Command('status')
    .option('--watch', 'look again every two seconds, until Ctrl-C')
    .option('--json', 'print one object, with --watch one a line')
    .action(async (flags: StatusFlags) => {
      onlyShows();
      const config = liveConfig(loadConfig());
      const look = await openLook(config);
      try {
        const ctx = { db: look.db, config, now: clock };
        do {
          print(await lookNow(ctx), flags);
          if (flags.watch) await sleep(AGAIN_MS);
        } while (flags.watch);
      } finally {
        await look.close();
      }
    });
}

async function lookNow(ctx: Parameters<typeof lookAtStatus>[0]): Promise<Status> {
  try {
    await refreshSettings(ctx);
    return await lookAtStatus(ctx);
  } catch (error) {
    const words = withoutSecrets(oneLine(error));
    throw new AppError(
      'unavailable',
      `The database does not say how it stands: ${words}. What to do: offprint doctor`,
      {
        cause: error,
      },
    );
  }
}

function print(status: Status, { watch, json }: StatusFlags): void {
  if (json) process.stdout.write(`${JSON.stringify(statusView(status))}\n`);
  else process.stdout.write(`${watch && process.stdout.isTTY ? CLEAR : ''}${statusScreen(status)}`);
}
