import { Command } from 'commander';
import { loadConfig } from '../config.ts';
import { AppError, oneLine } from '../lib/errors.ts';

interface HealthFlags {
  worker?: boolean;
  alive?: boolean;
  json?: boolean;
}

/** A process that answers later than this serves nobody. */
const PATIENCE_MS = 5_000;

/** Builds `offprint health`: asks the process on this machine, and ends with 0 where all is well, else with 1. */
export function healthCommand(): Command {
  return new Command('health')
    .option('--worker', 'ask a worker, at METRICS_PORT; else what serves pages, at PORT')
    .option('--alive', 'only whether its event loop turns, not whether it can serve')
    .option('--json', 'print one object')
    .action(async (flags: HealthFlags) => {
      const url = addressOf(flags);
      const { ok, says } = await ask(url);
      // Written here: the support of other commands brings the database with it, and this is asked every few seconds.
      if (flags.json) process.stdout.write(`${JSON.stringify({ ok, says, url })}\n`);
      else process.stdout.write(`${says}\n`);
      process.exitCode = ok ? 0 : 1;
    });
}

function addressOf({ worker = false, alive = false }: HealthFlags): string {
  const { PORT, METRICS_PORT } = loadConfig();
  const port = worker ? METRICS_PORT : PORT;
  if (port === undefined) throw new AppError('bad-input', 'METRICS_PORT is not set: a worker answers at no port.');
  return `http://127.0.0.1:${port}/${alive ? 'healthz' : 'readyz'}`;
}

async function ask(url: string): Promise<{ ok: boolean; says: string }> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS) });
    return { ok: answer.ok, says: (await answer.text()).trim() };
  } catch (error) {
    const reason = error instanceof Error && error.cause ? error.cause : error;
    return { ok: false, says: `nothing answers at ${url}: ${oneLine(reason)}` };
  }
}
