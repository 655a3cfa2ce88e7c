import { Argument, Command } from 'commander';
import type { Context } from '../context.ts';
import { jobs, runJob, type Counts, type Job } from '../jobs.ts';
import { holdWhereBehind } from '../operate/hold-where-behind.ts';
import { runPlan } from '../plan/run-plan.ts';
import { countClaimable } from '../db/ledger/deliveries.ts';
import { waitingFor } from '../db/ledger/waiting.ts';
import { startProgress } from './progress.ts';
import { instantOption, printJson, withContext } from './support.ts';

interface RunFlags {
  now?: Date;
  dryRun?: boolean;
  json?: boolean;
}

/** Builds `offprint run`: jobs once, in the order of the journey, waiting until each is done. */
export function runCommand(): Command {
  const names = jobs.map((job) => job.name);
  return new Command('run')
    .addArgument(
      new Argument('[jobs...]', 'which jobs; all, in the order of the journey, if none is named').choices(names),
    )
    .option('--now <instant>', 'pretend it is this instant, such as 2025-12-31T08:00:00Z', instantOption)
    .option('--dry-run', 'say what plan and deliver would do, and change nothing')
    .option(
      '--json',
      'print one object a line: {"job":…} with the counts when a job is done, {"progress":…} each second before',
    )
    .addHelpText('after', `\nJobs:\n${jobs.map((job) => `  ${job.name.padEnd(14)}${job.does}`).join('\n')}`)
    .action(async (wanted: string[], flags: RunFlags) => {
      const chosen = jobs.filter((job) => wanted.length === 0 || wanted.includes(job.name));
      const { now } = flags;
      await withContext(
        async (ctx) => {
          if (!flags.dryRun && chosen.some(({ rests }) => rests)) await holdWhereBehind(ctx, 'cli');
          for (const job of chosen) {
            const counts = flags.dryRun ? await foresee(ctx, job) : await runInSight(ctx, job, flags);
            report(job, counts, flags);
          }
        },
        now ? { now: () => now } : {},
      );
    });
}

async function runInSight(ctx: Context, job: Job, { json = false }: RunFlags): Promise<Counts> {
  const progress = startProgress(job.name, { json });
  try {
    const counts = await runJob(ctx, job, { progress: (done, total) => progress.update(done, total) });
    if (job.name !== 'deliver') return counts;
    return { ...counts, waiting: await countClaimable(ctx.db, soon(ctx)), ...(await setAside(ctx)) };
  } finally {
    progress.stop();
  }
}

/** Why newsletters were set aside, and how many: «waits for warm-up (50 mails on day 1)». */
async function setAside(ctx: Context): Promise<Counts> {
  const counts: Counts = {};
  for (const { reason, count } of await waitingFor(ctx.db))
    counts[`waits for ${reason}`] = (counts[`waits for ${reason}`] ?? 0) + count;
  return counts;
}

/**
 * Far enough ahead to count what waits because the mail server is away or sending is paused, and what is to be tried
 * again within the hour.
 */
function soon(ctx: Context): Date {
  return new Date(ctx.now().getTime() + 3_600_000);
}

/** What a job would do; null where that is not foreseen. */
async function foresee(ctx: Context, job: Job): Promise<Counts | null> {
  if (job.name === 'plan') return { ...(await runPlan(ctx, { dryRun: true })) };
  if (job.name === 'deliver') return { claimable: await countClaimable(ctx.db, ctx.now()) };
  return null;
}

function report(job: Job, counts: Counts | null, flags: RunFlags): void {
  if (!counts) {
    if (flags.json) printJson({ job: job.name, dryRun: true, foreseen: false });
    else process.stdout.write(`${job.name}: not foreseen: only plan and deliver are\n`);
    return;
  }
  if (flags.json) return printJson({ job: job.name, dryRun: flags.dryRun ?? false, ...counts });
  const shown = Object.entries(counts).filter(([, count]) => count > 0);
  const words = shown.map(([name, count]) => `${name} ${count}`).join(', ') || 'nothing to do';
  process.stdout.write(`${job.name}: ${flags.dryRun ? 'would: ' : ''}${words}\n`);
}
